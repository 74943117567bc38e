package io.tributary.bench;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.tributary.kernels.WeightType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatMulProblemTest {
    @ParameterizedTest
    @EnumSource(WeightType.class)
    void theKernelOfEachTypeAgreesWithTheScalarLoop(WeightType type) {
        try (MatMulProblem problem = new MatMulProblem(type, 3, 2)) {
            assertThatCode(problem::check).doesNotThrowAnyException();
        }
    }
}
