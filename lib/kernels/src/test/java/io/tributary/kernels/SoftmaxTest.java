package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SoftmaxTest {
    @Test
    void theLogSumExpOfAnyLengthHasTheBitsOfTheScalarReference() {
        for (int count = 1; count < 300; count++) {
            RowCases rows = new RowCases(count, count);

            assertThat(rows.logSumExp(true)).as(rows.toString()).isEqualTo(rows.logSumExp(false));
        }
    }

    @Test
    void aVocabularyOfLogitsIsNearDoublePrecision() {
        float[] logits = Samples.normal(new SplittableRandom(41), 128_257, 5);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        // One unit in the last place of the result is 2e-6, and 8000 additions in a lane may lose another.
        assertThat((double) logSumExp(logits)).isCloseTo(Math.log(sum), within(5e-6));
    }

    @Test
    void extremeLogitsStayFinite() {
        assertThat(logSumExp(1e4f, 1e4f)).isCloseTo(10_000.693f, within(1e-3f));
        assertThat(logSumExp(-1e4f, 1e4f)).isEqualTo(1e4f);
        assertThat(logSumExp(-1e4f)).isEqualTo(-1e4f);
    }

    @Test
    void infiniteAndUndefinedLogitsAreCarriedThrough() {
        assertThat(logSumExp(Float.NEGATIVE_INFINITY, 2f)).isEqualTo(2f);
        assertThat(logSumExp(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(logSumExp(1f, Float.NaN)).isNaN();
        assertThat(logSumExp(Float.NEGATIVE_INFINITY, Float.NaN)).isNaN();
    }

    @Test
    void noLogitsAreRefused() {
        assertThatThrownBy(() -> Softmax.logSumExp(MemorySegment.NULL, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the log-sum-exp of 0 values in a segment of 0 bytes");
    }

    private static float logSumExp(float... logits) {
        try (Arena arena = Arena.ofConfined()) {
            return Softmax.logSumExp(Samples.segment(arena, logits), logits.length);
        }
    }
}
