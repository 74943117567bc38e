package io.tributary.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

/** The arrows between the folders of the repository point down only. */
@AnalyzeClasses(packages = "io.tributary", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String COMMAND_LINE = "standalone";
    private static final String GATEWAY = "gateway";
    private static final String TOKENIZER = "tokenizer-svc";
    private static final String ENCODER = "encoder-svc";
    private static final String ROUTER = "router-svc";
    private static final String DECODER = "decoder-svc";
    private static final String EDGE = "lib/edge";
    private static final String LOG = "lib/log";
    private static final String MODELS = "lib/models";
    private static final String CHECKPOINTS = "lib/checkpoints";
    private static final String TOKENIZERS = "lib/tokenizers";
    private static final String GRAMMARS = "lib/grammars";
    private static final String MEDIA = "lib/media";
    private static final String KERNELS = "lib/kernels";
    private static final String PROTO = "proto";
    private static final String BROKER = "dev-broker";
    private static final String[] SERVICES = {GATEWAY, TOKENIZER, ENCODER, ROUTER, DECODER};
    private static final String[] BELOW_SERVICES = {
        EDGE, LOG, MODELS, TOKENIZERS, GRAMMARS, MEDIA, CHECKPOINTS, KERNELS, PROTO
    };

    /** Fails for a class outside all of these packages too, so that a new module has to be placed. */
    @ArchTest
    void aModuleUsesOnlyModulesBelowIt(JavaClasses classes) {
        var architecture = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .ensureAllClassesAreContainedInArchitecture()
                .layer(COMMAND_LINE)
                .definedBy("io.tributary.cli..")
                .layer(GATEWAY)
                .definedBy("io.tributary.gateway..")
                .layer(TOKENIZER)
                .definedBy("io.tributary.tokenizer..")
                .layer(ENCODER)
                .definedBy("io.tributary.encoder..")
                .layer(ROUTER)
                .definedBy("io.tributary.router..")
                .layer(DECODER)
                .definedBy("io.tributary.decoder..")
                .layer(EDGE)
                .definedBy("io.tributary.edge..")
                .layer(LOG)
                .definedBy("io.tributary.log..")
                .layer(MODELS)
                .definedBy("io.tributary.models..")
                .layer(CHECKPOINTS)
                .definedBy("io.tributary.checkpoints..")
                .layer(TOKENIZERS)
                .definedBy("io.tributary.tokenizers..")
                .layer(GRAMMARS)
                .definedBy("io.tributary.grammars..")
                .optionalLayer(MEDIA)
                .definedBy("io.tributary.media..")
                .layer(KERNELS)
                .definedBy("io.tributary.kernels..")
                .layer(PROTO)
                .definedBy("io.tributary.proto..")
                .layer(BROKER)
                .definedBy("io.tributary.broker..");
        for (String service : SERVICES) {
            architecture = architecture.whereLayer(service).mayOnlyAccessLayers(BELOW_SERVICES);
        }
        architecture
                .whereLayer(EDGE)
                .mayOnlyAccessLayers(LOG, PROTO)
                .whereLayer(LOG)
                .mayOnlyAccessLayers(PROTO)
                .whereLayer(MODELS)
                .mayOnlyAccessLayers(KERNELS, CHECKPOINTS)
                .whereLayer(TOKENIZERS)
                .mayOnlyAccessLayers(CHECKPOINTS)
                .whereLayer(GRAMMARS)
                .mayNotAccessAnyLayer()
                .whereLayer(MEDIA)
                .mayNotAccessAnyLayer()
                .whereLayer(CHECKPOINTS)
                .mayNotAccessAnyLayer()
                .whereLayer(KERNELS)
                .mayNotAccessAnyLayer()
                .whereLayer(PROTO)
                .mayNotAccessAnyLayer()
                .whereLayer(BROKER)
                .mayNotAccessAnyLayer()
                .check(classes);
    }

    @ArchTest
    void theBrokerIsAProcessOfItsOwnThatNoClassUses(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tributary.broker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tributary.broker..")
                .check(classes);
    }

    @ArchTest
    void onlyTheKernelsNameTheVectorApi(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tributary.kernels..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(classes);
    }
}
