package io.tributary.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.kernels.WeightRows;
import io.tributary.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomBlocksTest {
    private static final int ELEMENTS = 1 << 16;
    private static final double DEVIATION = 1 / Math.sqrt(2048);

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void weightsHaveTheWantedDeviationAndMeanZero(WeightFormat format) {
        WeightType type = WeightType.valueOf(format.name());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blocks = arena.allocate(type.rowBytes(ELEMENTS), Long.BYTES);
            format.blocks().fill(blocks, new SplittableRandom(3), DEVIATION);
            MemorySegment floats = arena.allocate((long) ELEMENTS * Float.BYTES, 64);
            WeightRows.dequantize(type, blocks, 0, ELEMENTS, floats);
            double sum = 0;
            double squares = 0;
            for (int index = 0; index < ELEMENTS; index++) {
                double value = floats.getAtIndex(ValueLayout.JAVA_FLOAT, index);
                sum += value;
                squares += value * value;
            }
            assertThat(Math.sqrt(squares / ELEMENTS)).isCloseTo(DEVIATION, within(0.03 * DEVIATION));
            assertThat(sum / ELEMENTS).isCloseTo(0, within(0.03 * DEVIATION));
        }
    }

    /** The layout of Q4_K: d and dmin, 12 bytes of scales, 128 bytes of values. */
    @Test
    void theMinimumOfAFormatThatHasOneCancelsItsMeanValue() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blocks = arena.allocate(144 * 7, Long.BYTES);
            WeightFormat.Q4_K.blocks().fill(blocks, new SplittableRandom(3), DEVIATION);
            for (int block = 0; block < 7; block++) {
                double scale = half(blocks, block * 144L);
                assertThat(scale).isPositive();
                assertThat(half(blocks, block * 144L + 2)).isCloseTo(7.5 * scale, within(0.01 * scale));
            }
        }
    }

    /** Q6_K has its scale behind everything else, and it is too small for a normal half. */
    @Test
    void theScaleOfQ6IsAtTheEndOfItsBlock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blocks = arena.allocate(210 * 5, Long.BYTES);
            WeightFormat.Q6_K.blocks().fill(blocks, new SplittableRandom(3), DEVIATION);
            for (int block = 0; block < 5; block++) {
                assertThat(Math.abs(half(blocks, block * 210L + 208))).isBetween(0.4 * 1.5e-5, 1.6 * 1.7e-5);
            }
        }
    }

    private static double half(MemorySegment blocks, long position) {
        return Float.float16ToFloat(blocks.get(ValueLayout.JAVA_SHORT_UNALIGNED, position));
    }
}
