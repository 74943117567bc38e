package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightRowsTest {
    @ParameterizedTest
    @EnumSource(WeightType.class)
    void eachRowIsTheFloatsItStandsFor(WeightType type) {
        try (Arena arena = Arena.ofConfined()) {
            int columns = type.blockElements() == 256 ? 768 : 96;
            StoredWeights stored = StoredWeights.random(type, 7, columns, 21, arena);
            MemorySegment target = arena.allocate(columns * 4L + 4);
            for (int row = 0; row < 7; row++) {
                WeightRows.dequantize(type, stored.stored(), row, columns, target);

                assertThat(Samples.values(target, columns)).isEqualTo(stored.weights()[row]);
            }
            assertThat(target.get(FloatMatrix.FLOAT, columns * 4L)).isZero();
        }
    }

    @Test
    void aRowBeyondTheMatrixIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stored = arena.allocate(2 * 18L);
            MemorySegment target = arena.allocate(32 * 4L);

            assertThatThrownBy(() -> WeightRows.dequantize(WeightType.Q4_0, stored, 2, 32, target))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("row 2 of a weight matrix of 2 rows");
        }
    }
}
