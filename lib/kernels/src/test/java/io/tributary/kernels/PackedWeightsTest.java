package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedWeightsTest {
    private static WorkPool pool;

    @BeforeAll
    static void startPool() {
        pool = new WorkPool(2);
    }

    @AfterAll
    static void closePool() {
        pool.close();
    }

    @Test
    void everyFiniteHalfIsWidenedExactly() {
        // 65536 halves as 256 columns of 256 rows; the product with the unit vector k is column k.
        try (Arena arena = Arena.ofShared()) {
            MemorySegment stored = arena.allocate(1 << 17);
            for (int bits = 0; bits < 1 << 16; bits++) {
                boolean finite = (bits & 0x7c00) != 0x7c00;
                stored.set(RowMajorWeights.SHORT, bits * 2L, (short) (finite ? bits : 0));
            }
            PackedWeights packed = PackedWeights.pack(WeightType.F16, stored, 256, 256, arena, pool);
            for (int tokens : new int[] {1, 256}) {
                for (int first = 0; first < 256; first += tokens) {
                    FloatMatrix x = FloatMatrix.allocate(arena, tokens, 256);
                    for (int token = 0; token < tokens; token++) {
                        x.set(token, first + token, 1f);
                    }
                    FloatMatrix y = FloatMatrix.allocate(arena, tokens, 256);
                    MatMul.multiply(x, packed, y, pool);
                    for (int i = 0; i < tokens * 256; i++) {
                        int bits = i % 256 * 256 + first + i / 256;
                        float expected = (bits & 0x7c00) != 0x7c00 ? Float.float16ToFloat((short) bits) : 0f;
                        assertThat(y.get(i / 256, i % 256) - expected)
                                .as("half 0x%x", bits)
                                .isZero();
                    }
                }
            }
        }
    }

    @Test
    void aWeightThatIsNotFiniteIsRefusedWithItsPlace() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment floats = arena.allocate(20 * 300 * 4L);
            floats.set(FloatMatrix.FLOAT, (17 * 300 + 299) * 4L, Float.NaN);
            assertRefused(WeightType.F32, floats, 300, 17, 299, "weight at row 17, column 299");

            MemorySegment halves = arena.allocate(20 * 300 * 2L);
            halves.set(RowMajorWeights.SHORT, (3 * 300 + 257) * 2L, (short) 0xfc00);
            assertRefused(WeightType.F16, halves, 300, 3, 257, "F16 weight matrix is -Infinity");

            MemorySegment brainFloats = arena.allocate(20 * 300 * 2L);
            brainFloats.set(RowMajorWeights.SHORT, (19 * 300 + 1) * 2L, (short) 0x7f80);
            assertRefused(WeightType.BF16, brainFloats, 300, 19, 1, "BF16 weight matrix is Infinity");
        }
    }

    @Test
    void aBlockScaleThatIsNotFiniteIsRefusedWithItsPlace() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(20 * 10 * 34L);
            bytes.set(RowMajorWeights.SHORT, (5 * 10 + 9) * 34L, (short) 0x7e00);
            assertRefused(WeightType.Q8_0, bytes, 320, 5, 288, "block scale at row 5, column 288");

            MemorySegment nibbles = arena.allocate(20 * 10 * 18L);
            nibbles.set(RowMajorWeights.SHORT, (16 * 10) * 18L, (short) 0x7c00);
            assertRefused(WeightType.Q4_0, nibbles, 320, 16, 0, "Q4_0 weight matrix is Infinity");
        }
    }

    @Test
    void aMatrixInSeveralPiecesOfMemoryIsMultipliedAsOne() {
        MatMulCase sample = new MatMulCase(WeightType.F32, 4161, 300, 1, 3);
        try (Arena arena = Arena.ofShared()) {
            StoredWeights stored = StoredWeights.random(WeightType.F32, 4161, 300, 3, arena);

            assertThat(stored.pack(arena, pool).byteSize()).isBetween(66L * 64 * 300 * 4, 1L << 23);
        }
        assertThat(sample.kernel(pool)).isEqualTo(sample.reference());
    }

    @ParameterizedTest
    @EnumSource
    void weightsTakenFromTheChunksOfOthersGiveTheSameBits(WeightType type) {
        // More than a mebibyte, so that there are several chunks; the last panel is not full.
        int outputs = 2085;
        int inputs = 1792;
        try (Arena arena = Arena.ofShared()) {
            PackedWeights packed =
                    StoredWeights.random(type, outputs, inputs, 4, arena).pack(arena, pool);
            List<MemorySegment> copies = new ArrayList<>();
            for (MemorySegment chunk : packed.chunks()) {
                copies.add(arena.allocate(chunk.byteSize(), FloatMatrix.ALIGNMENT)
                        .copyFrom(chunk)
                        .asReadOnly());
            }
            PackedWeights taken = PackedWeights.ofChunks(type, outputs, inputs, copies);

            assertThat(copies).hasSizeGreaterThan(1);
            assertThat(taken.byteSize()).isEqualTo(packed.byteSize());
            for (int tokens : new int[] {1, 20}) {
                FloatMatrix x = FloatMatrix.allocate(arena, tokens, inputs);
                for (int i = 0; i < tokens * inputs; i++) {
                    x.set(i / inputs, i % inputs, (i * 31 % 64 - 32) / 32f);
                }
                assertThat(product(x, taken, arena).mismatch(product(x, packed, arena)))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void chunksOfAnotherNumberSizeOrAlignmentAreRefused() {
        try (Arena arena = Arena.ofShared()) {
            PackedWeights packed =
                    StoredWeights.random(WeightType.F32, 100, 300, 4, arena).pack(arena, pool);
            MemorySegment chunk = packed.chunks().getFirst();
            MemorySegment odd = arena.allocate(chunk.byteSize() + 1, FloatMatrix.ALIGNMENT);
            for (List<MemorySegment> chunks : List.of(
                    List.<MemorySegment>of(),
                    List.of(chunk, chunk),
                    List.of(chunk.asSlice(0, chunk.byteSize() - 64)),
                    List.of(odd.asSlice(1)),
                    List.of(MemorySegment.ofArray(new byte[(int) chunk.byteSize()])))) {
                assertThatThrownBy(() -> PackedWeights.ofChunks(WeightType.F32, 100, 300, chunks))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("chunk");
            }
        }
    }

    @Test
    void aSourceThatIsTooShortIsRefusedWithBothLengths() {
        try (Arena arena = Arena.ofShared()) {
            assertThatThrownBy(() -> PackedWeights.pack(WeightType.Q8_0, arena.allocate(67), 2, 32, arena, pool))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("2 x 32 weights of type Q8_0 need 68 bytes, the segment has 67");
            assertThatThrownBy(() -> PackedWeights.pack(WeightType.Q8_0, arena.allocate(68), 2, 33, arena, pool))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a whole number of blocks of 32");
        }
    }

    private static MemorySegment product(FloatMatrix x, PackedWeights weights, Arena arena) {
        FloatMatrix y = FloatMatrix.allocate(arena, x.rows(), weights.outputs());
        MatMul.multiply(x, weights, y, pool);
        return y.data();
    }

    private static void assertRefused(
            WeightType type, MemorySegment stored, int inputs, int row, int column, String message) {
        try (Arena arena = Arena.ofShared()) {
            assertThatThrownBy(() -> PackedWeights.pack(type, stored, 20, inputs, arena, pool))
                    .isInstanceOfSatisfying(InvalidWeightsException.class, refused -> {
                        assertThat(refused.row()).isEqualTo(row);
                        assertThat(refused.column()).isEqualTo(column);
                    })
                    .hasMessageContaining(message);
        }
    }
}
