package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyValueStoreTest {
    @Test
    void aPageHoldsTheKeysAndValuesOfSixtyFourPositions() {
        assertThat(new KeyValueLayout(3, 20, KeyValueType.F32).pageBytes()).isEqualTo(2L * 64 * 3 * 20 * 4);
        assertThat(new KeyValueLayout(3, 20, KeyValueType.F16).pageBytes()).isEqualTo(2L * 64 * 3 * 20 * 2);
        assertThat(new KeyValueLayout(3, 20, KeyValueType.Q8).pageBytes()).isEqualTo(2L * 64 * 3 * (20 + 4));
        assertThatThrownBy(() -> new KeyValueLayout(0, 20, KeyValueType.F32))
                .hasMessageContaining("0 key/value heads of 20 elements");
        assertThatThrownBy(() -> new KeyValueLayout(1 << 20, 1 << 20, KeyValueType.F32))
                .hasMessageContaining("2097152");
    }

    @ParameterizedTest
    @EnumSource(KeyValueType.class)
    void whatIsStoredIsReadBackAsTheTypeRoundsIt(KeyValueType type) {
        SplittableRandom random = new SplittableRandom(7);
        for (int headSize : new int[] {1, 2, 16, 33, 64}) {
            float[] row = Samples.normal(random, 2 * headSize, 1e3);
            row[headSize] = 0f;
            assertThat(valueOfSecondHead(type, headSize, row))
                    .as("head size %d", headSize)
                    .isEqualTo(StoredNumbers.of(type, secondHead(row)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyValueType.class,
            names = {"F16", "BF16"})
    void halfwayNumbersAreRoundedToEven(KeyValueType type) {
        float unit = type == KeyValueType.F16 ? 0x1p-10f : 0x1p-7f;
        float[] row = {0f, 0f, 0f, 0f, 1 + unit / 2, -1 - unit * 3 / 2, 1 + unit * 0.51f, unit * 0x1p-20f};

        float[] stored = valueOfSecondHead(type, 4, row);

        assertThat(stored).startsWith(1f, -1 - 2 * unit, 1 + unit);
        assertThat(stored).isEqualTo(StoredNumbers.of(type, secondHead(row)));
    }

    @Test
    void numbersBeyondTheRangeOfHalvesBecomeTheLargestHalf() {
        float[] row = {0f, 0f, 1e9f, -65520f};

        assertThat(valueOfSecondHead(KeyValueType.F16, 2, row)).containsExactly(65504f, -65504f);
    }

    @Test
    void theLargestFloatsStayFiniteAsBrainFloats() {
        float largest = Float.intBitsToFloat(0x7f7f0000);
        float[] row = {0f, 0f, Float.MAX_VALUE, -Float.MAX_VALUE};

        assertThat(valueOfSecondHead(KeyValueType.BF16, 2, row)).containsExactly(largest, -largest);
    }

    @Test
    void aHeadTooSmallForAScaleIsStoredAsZeros() {
        float[] row = {1f, 1f, 1e-37f, Float.MIN_VALUE};

        assertThat(valueOfSecondHead(KeyValueType.Q8, 2, row)).containsExactly(0f, 0f);
    }

    @Test
    void keysAndValuesThatDoNotFitAPageAreRefused() {
        KeyValueLayout layout = new KeyValueLayout(2, 16, KeyValueType.F32);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(layout.pageBytes());
            MemorySegment row = arena.allocate(2 * 16 * 4L);

            assertThatThrownBy(() -> KeyValueStore.store(layout, page, 64, 0, row, row))
                    .hasMessageContaining("slot 64 of a page");
            assertThatThrownBy(() -> KeyValueStore.store(layout, page, 0, 2, row, row))
                    .hasMessageContaining("key/value head 2 of a layout of 2");
            assertThatThrownBy(() -> KeyValueStore.store(layout, row, 0, 0, row, row))
                    .hasMessage("the page has 128 bytes, " + layout.pageBytes() + " are needed");
        }
    }

    private static float[] secondHead(float[] row) {
        return Arrays.copyOfRange(row, row.length / 2, row.length);
    }

    /** What a query that sees one position only gets: the value of that position. */
    private static float[] valueOfSecondHead(KeyValueType type, int headSize, float[] row) {
        KeyValueLayout layout = new KeyValueLayout(2, headSize, type);
        Attention attention = new Attention(layout, 2, 1f);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(layout.pageBytes(), 64).fill((byte) 0xff);
            MemorySegment segment = Samples.segment(arena, row);
            MemorySegment zeros = Samples.segment(arena, new float[row.length]);
            KeyValueStore.store(layout, page, 0, 1, zeros, segment);
            FloatMatrix rows = FloatMatrix.allocate(arena, 1, row.length);
            AttentionTile tile = new AttentionTile(arena.allocate(attention.scratchBytes(), 64));
            tile.place(new MemorySegment[] {page}, 0, 0, 1);
            attention.attend(tile, 1, rows, rows);
            return secondHead(Samples.values(rows));
        }
    }
}
