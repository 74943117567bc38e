package io.tributary.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerProblemTest {
    @ParameterizedTest
    @CsvSource({"1, 131", "21, 21", "9, 67"})
    void attentionAgreesWithPlainLoops(int rows, int context) {
        try (LayerProblem problem = new LayerProblem(rows, context, 2)) {
            assertThatCode(problem::checkAttention).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, 1.001, -1, Double.POSITIVE_INFINITY})
    void aNumberThatIsNotTheExpectedOneStopsTheRun(double actual) {
        assertThatIllegalStateException()
                .isThrownBy(() -> LayerProblem.require("RmsNorm", 1, actual))
                .withMessageContaining("RmsNorm gives " + actual)
                .withMessageContaining("1.0");
    }
}
