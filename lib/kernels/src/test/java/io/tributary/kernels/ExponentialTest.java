package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Test
    void theRelativeErrorIsWithinOneRoundingAndAHalfWhereTheResultIsNormal() {
        double worst = 0;
        for (float x = -87f; x <= 88f; x += 0x1p-9f) {
            for (float near : new float[] {x, Math.nextUp(x), x * 1.0001f}) {
                double exact = Math.exp(near);
                worst = Math.max(worst, Math.abs(Exponential.exp(near) - exact) / exact);
            }
        }
        assertThat(worst).isLessThan(1.2e-7);
    }

    @Test
    void smallResultsUnderflowGraduallyAndLargeOnesOverflow() {
        assertThat(Exponential.exp(0f)).isEqualTo(1f);
        assertThat(Exponential.exp(-0f)).isEqualTo(1f);
        assertThat(Exponential.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(Exponential.exp(-104f)).isZero();
        assertThat(Exponential.exp(-103.98f)).isZero();
        assertThat((double) Exponential.exp(-100f)).isBetween(Math.exp(-100) - 7.1e-46, Math.exp(-100) + 7.1e-46);
        assertThat(Exponential.exp(88.7f)).isFinite();
        assertThat(Exponential.exp(88.8f)).isInfinite();
        assertThat(Exponential.exp(Float.POSITIVE_INFINITY)).isInfinite().isPositive();
        assertThat(Exponential.exp(Float.NaN)).isNaN();
    }

    @Test
    void theVectorFormGivesTheBitsOfTheScalarForm() {
        SplittableRandom random = new SplittableRandom(31);
        float[] values = new float[1 << 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2 == 0 ? (float) random.nextDouble(-110, 0) : Float.intBitsToFloat(random.nextInt());
            values[i] = values[i] > 0 ? -values[i] : values[i];
        }
        values[0] = Float.NEGATIVE_INFINITY;
        values[1] = Float.NaN;
        float[] expected = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            expected[i] = Exponential.exp(values[i] + 3f);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = Samples.segment(arena, values);
            RowKernels.CURRENT.exponentiate(segment, 0, 1f, 3f, segment, 0, values.length);

            assertThat(Samples.values(segment, values.length)).isEqualTo(expected);
        }
    }
}
