package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelPathTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final VectorSupport HOT_SPOT =
            new VectorSupport(true, "OpenJDK 64-Bit Server VM", "mixed mode, sharing", "4", false, true);

    @Test
    void aJvmWithoutTheVectorModuleSaysHowToStartItAndComputesTheSameBits() throws Exception {
        requireScalarPath("start java with --add-modules jdk.incubator.vector", NATIVE);
    }

    @Test
    void aJvmWithoutItsOptimisingCompilerSaysSoAndComputesTheSameBits() throws Exception {
        String option = "-XX:TieredStopAtLevel=1";
        requireScalarPath("start java without " + option, MODULE, NATIVE, option);
    }

    @Test
    void aJvmThatOnlyInterpretsSaysSo() {
        VectorSupport interpreter =
                new VectorSupport(true, HOT_SPOT.name(), "interpreted mode, sharing", "4", false, true);

        assertThat(interpreter.obstacle()).get().asString().contains("start java without -Xint");
    }

    @Test
    void theScalarPathCanBeAskedFor() throws Exception {
        requireScalarPath("scalar is set; start java without it", MODULE, NATIVE, "-Dtributary.kernels.path=scalar");
    }

    @Test
    void vectorsThatAreAskedForNeedTheModule() throws Exception {
        ChildJvm child = ChildJvm.run(KernelFingerprints.class, NATIVE, "-Dtributary.kernels.path=vector");

        assertThat(child.exitCode()).isNotZero();
        assertThat(String.join("\n", child.lines()))
                .contains("VectorModuleMissingError")
                .contains("start java with --add-modules jdk.incubator.vector");
    }

    @Test
    void aPathThatDoesNotExistIsRefusedWithThePossibleOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelPath.obstacle("fast"))
                .withMessageContaining("'fast'; it must be auto, vector or scalar");
    }

    @Test
    void vectorsAreUsedWhereC2CompilesThem() {
        assertThat(HOT_SPOT.obstacle()).isEmpty();
        assertThat(KernelPath.warning()).as("of this JVM").isEmpty();
    }

    @Test
    void aJvmThatIsNotKnownToCompileVectorsIsNotTrusted() {
        Optional<String> graal =
                new VectorSupport(true, "Java HotSpot(TM) 64-Bit Server VM", "mixed mode", "4", true, true).obstacle();
        Optional<String> openJ9 = new VectorSupport(true, "Eclipse OpenJ9 VM", "", "4", false, true).obstacle();

        assertThat(graal).get().asString().contains("UseJVMCICompiler").contains("tributary.kernels.path=vector");
        assertThat(openJ9).get().asString().contains("Eclipse OpenJ9 VM").contains("tributary.kernels.path=vector");
    }

    @Test
    void aJvmThatWasToldNotToCompileVectorsSaysSo() {
        Optional<String> obstacle =
                new VectorSupport(true, HOT_SPOT.name(), HOT_SPOT.info(), "4", false, false).obstacle();

        assertThat(obstacle).get().asString().contains("-XX:-EnableVectorSupport");
    }

    private static void requireScalarPath(String advice, String... options) throws Exception {
        ChildJvm child = ChildJvm.run(KernelFingerprints.class, options);
        List<String> lines = child.lines().stream()
                .filter(line -> !line.startsWith("WARNING"))
                .toList();

        assertThat(lines.getFirst()).startsWith("kernels run without vectors").contains(advice);
        assertThat(lines.subList(1, lines.size())).isEqualTo(KernelFingerprints.of(false));
    }
}
