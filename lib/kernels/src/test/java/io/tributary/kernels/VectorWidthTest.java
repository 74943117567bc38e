package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorWidthTest {
    private static final String MODULES = "--add-modules=jdk.incubator.vector";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    @ParameterizedTest
    @ValueSource(strings = {"128", "256", "512"})
    void everyVectorWidthGivesTheBitsOfTheScalarReference(String bits) throws Exception {
        ChildJvm child =
                ChildJvm.run(KernelFingerprints.class, MODULES, NATIVE, "-Dtributary.kernels.vector-bits=" + bits);
        List<String> results = child.lines().stream()
                .filter(line -> !line.startsWith("WARNING"))
                .toList();

        assertThat(results).isEqualTo(KernelFingerprints.of(false));
    }

    @Test
    void aWidthThatDoesNotExistIsRefusedWithThePossibleOnes() throws Exception {
        ChildJvm child = ChildJvm.run(KernelFingerprints.class, MODULES, NATIVE, "-Dtributary.kernels.vector-bits=96");

        assertThat(child.exitCode()).isNotZero();
        assertThat(String.join("\n", child.lines()))
                .contains("tributary.kernels.vector-bits is '96'; it must be 128, 256 or 512");
    }

    @Test
    void noKernelIsTooLargeForTheProfilingCompiler() throws Exception {
        // A method that the profiling tier gives up on may stay in an earlier tier for the life of the process.
        ChildJvm child = ChildJvm.run(
                KernelFingerprints.class,
                MODULES,
                NATIVE,
                "-Dtributary.kernels.path=vector",
                "-Xbatch",
                "-XX:+PrintCompilation",
                "-XX:TieredStopAtLevel=3",
                "-XX:Tier3InvocationThreshold=2",
                "-XX:Tier3MinInvocationThreshold=1",
                "-XX:Tier3CompileThreshold=2");
        List<String> kernels = child.lines().stream()
                .filter(line -> line.contains("io.tributary.kernels."))
                .toList();

        // The largest tiles, which depend on the number of registers.
        String height = PanelTiles.FEW_REGISTERS ? "Two" : "Four";
        assertThat(kernels).anyMatch(line -> line.contains("PanelTiles::multiply" + height));
        assertThat(kernels).anyMatch(line -> line.contains("PackedNibbles::multiplyTile"));
        assertThat(kernels).anyMatch(line -> line.contains("PackedBits::multiplyPair"));
        assertThat(kernels).anyMatch(line -> line.contains("AttentionScores::score" + height));
        assertThat(kernels).anyMatch(line -> line.contains("AttentionValues::add" + height + "Columns"));
        assertThat(kernels).noneMatch(line -> line.contains("COMPILE SKIPPED"));
    }
}
