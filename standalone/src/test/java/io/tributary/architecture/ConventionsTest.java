package io.tributary.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.random.RandomGenerator;

/** What no class of the product does. */
@AnalyzeClasses(packages = "io.tributary", importOptions = ImportOption.DoNotIncludeTests.class)
class ConventionsTest {
    /** A token is a function of its seed and position; a generator with a state would make it one of the schedule. */
    @ArchTest
    void decodingDrawsNoRandomNumberFromAGeneratorWithState(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAnyPackage("io.tributary.models..", "io.tributary.decoder..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(RandomGenerator.class)
                .orShould()
                .callMethod(Math.class, "random")
                .check(classes);
    }

    /** Standard output carries the continuation alone, and the command line decides what is said to the person. */
    @ArchTest
    void onlyProgramsWriteToTheStandardStreams(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tributary.cli..", "io.tributary.broker..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(classes);
    }

    @ArchTest
    void aClassIsNamedAfterWhatItIs(JavaClasses classes) {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)")
                .check(classes);
    }
}
