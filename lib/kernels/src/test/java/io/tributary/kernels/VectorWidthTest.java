package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorWidthTest {
    private static final String MODULES = "--add-modules=jdk.incubator.vector";

    @ParameterizedTest
    @ValueSource(strings = {"128", "256", "512"})
    void everyVectorWidthGivesTheBitsOfTheScalarReference(String bits) throws Exception {
        ChildJvm child = ChildJvm.run(KernelFingerprints.class, MODULES, "-Dtributary.kernels.vector-bits=" + bits);
        List<String> results = child.lines().stream()
                .filter(line -> !line.startsWith("WARNING"))
                .toList();

        assertThat(results).isEqualTo(KernelFingerprints.of(false));
    }

    @Test
    void aWidthThatDoesNotExistIsRefusedWithThePossibleOnes() throws Exception {
        ChildJvm child = ChildJvm.run(KernelFingerprints.class, MODULES, "-Dtributary.kernels.vector-bits=96");

        assertThat(child.exitCode()).isNotZero();
        assertThat(String.join("\n", child.lines()))
                .contains("tributary.kernels.vector-bits is '96'; it must be 128, 256 or 512");
    }

    @Test
    void aJvmWithoutTheVectorModuleIsToldHowToStart() throws Exception {
        ChildJvm child = ChildJvm.run(KernelFingerprints.class);

        assertThat(child.exitCode()).isNotZero();
        assertThat(String.join("\n", child.lines()))
                .contains("VectorModuleMissingError")
                .contains("start java with --add-modules jdk.incubator.vector");
    }
}
