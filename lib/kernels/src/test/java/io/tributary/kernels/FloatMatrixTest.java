package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FloatMatrixTest {
    @Test
    void allocatedMatricesStandOnACacheLine() {
        try (Arena arena = Arena.ofConfined()) {
            for (int columns = 1; columns < 40; columns++) {
                FloatMatrix matrix = FloatMatrix.allocate(arena, 3, columns);
                assertThat(matrix.data().address() % 64).isZero();
            }
        }
    }

    @Test
    void viewsShareTheMemory() {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix matrix = FloatMatrix.allocate(arena, 4, 3);
            matrix.rows(1, 2).set(1, 2, 7f);

            assertThat(matrix.get(2, 2)).isEqualTo(7f);
            assertThat(matrix.row(2).get(FloatMatrix.FLOAT, 8)).isEqualTo(7f);
            assertThat(matrix.row(2).byteSize()).isEqualTo(12);
        }
    }

    @Test
    void elementsAndRowsBeyondTheMatrixAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix matrix = FloatMatrix.allocate(arena, 4, 3);

            assertThatThrownBy(() -> matrix.get(0, 3)).hasMessage("element (0, 3) of a 4 x 3 matrix");
            assertThatThrownBy(() -> matrix.set(4, 0, 1f)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> matrix.rows(3, 2))
                    .hasMessage("2 rows from row 3 are not within a matrix of 4 rows");
        }
    }

    @Test
    void memoryThatIsTooShortOrOnTheHeapIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment shortSegment = arena.allocate(47);
            MemorySegment heap = MemorySegment.ofArray(new float[12]);

            assertThatThrownBy(() -> new FloatMatrix(shortSegment, 4, 3))
                    .hasMessage("a 4 x 3 float matrix needs 48 bytes, the segment has 47");
            assertThatThrownBy(() -> new FloatMatrix(heap, 4, 3)).hasMessageContaining("must be native memory");
            assertThatThrownBy(() -> new FloatMatrix(shortSegment, 1, 0)).hasMessageContaining("at least 0 rows");
        }
    }

    @Test
    void rowBytesCountWholeBlocks() {
        assertThat(WeightType.F32.rowBytes(3)).isEqualTo(12);
        assertThat(WeightType.BF16.rowBytes(3)).isEqualTo(6);
        assertThat(WeightType.Q8_0.rowBytes(96)).isEqualTo(102);
        assertThat(WeightType.Q4_0.rowBytes(96)).isEqualTo(54);
        assertThatThrownBy(() -> WeightType.Q4_0.rowBytes(40))
                .hasMessage("a row of 40 weights of type Q4_0 is not a whole number of blocks of 32");
    }
}
