package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 200, 1000, 4097})
    void anyNumberOfKeysGivesTheBitsOfTheScalarReference(int keys) {
        AttentionCase sample = new AttentionCase(1, 3, 64, keys, 1, 1, keys);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 200, 1000})
    void rowsThatSeeTheSameKeysGetTheBitsOfTheScalarReference(int keys) {
        for (int rows : new int[] {1, 3, Math.min(keys, 70)}) {
            AttentionCase sample = new AttentionCase(2, 4, 32, keys, Math.min(keys, rows), 1, keys).amongAll();

            assertThat(sample.kernel()).as(sample.toString()).isEqualTo(sample.reference());
            assertThat(sample.kernel(2)).as(sample.toString()).isEqualTo(sample.reference());
        }
    }

    @Test
    void amongTheSameKeysTheOutputIsNearDoublePrecision() {
        AttentionCase sample = new AttentionCase(2, 4, 64, 300, 80, 1, 6).amongAll();
        float[] actual = sample.kernel();
        double[] exact = sample.exact();

        for (int i = 0; i < exact.length; i++) {
            assertThat((double) actual[i]).isCloseTo(exact[i], within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 20, 33, 48, 64, 80, 96, 100, 128, 256})
    void anyHeadSizeGivesTheBitsOfTheScalarReference(int headSize) {
        AttentionCase sample = new AttentionCase(2, 8, headSize, 149, 5, 1, headSize);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 71, 130})
    void anyNumberOfHeadsMayShareAKey(int sharing) {
        AttentionCase sample = new AttentionCase(2, 2 * sharing, 16, 75, 20, 1, sharing);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @ParameterizedTest
    @EnumSource(KeyValueType.class)
    void everyTypeGivesTheBitsOfTheScalarReferenceOnWidenedNumbers(KeyValueType type) {
        for (int headSize : new int[] {16, 33, 64, 80, 96, 128, 256}) {
            AttentionCase sample = new AttentionCase(type, 2, 6, headSize, 200, 40, 1, headSize);

            assertThat(sample.kernel()).as(sample.toString()).isEqualTo(sample.reference());
        }
    }

    @Test
    void everyQueryHeadMayHaveKeysOfItsOwn() {
        AttentionCase sample = new AttentionCase(5, 5, 32, 170, 170, 1, 3);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @Test
    void rowsGiveTheSameBitsHoweverTheyAreCutIntoTiles() {
        SplittableRandom random = new SplittableRandom(41);
        for (int round = 0; round < 30; round++) {
            int sharing = 1 + random.nextInt(9);
            int keyValueHeads = 1 + random.nextInt(3);
            int rows = 1 + random.nextInt(100);
            AttentionCase sample = new AttentionCase(
                    keyValueHeads,
                    keyValueHeads * sharing,
                    1 + random.nextInt(70),
                    rows + random.nextInt(150),
                    rows,
                    3,
                    random.nextInt());
            int tilePositions = 1 + random.nextInt(64);

            assertThat(sample.kernel(tilePositions))
                    .as("%s in tiles of %d", sample, tilePositions)
                    .isEqualTo(sample.reference());
        }
    }

    @Test
    void theOutputIsNearDoublePrecision() {
        AttentionCase sample = new AttentionCase(2, 4, 64, 777, 70, 3, 4);
        float[] output = sample.kernel();
        double[] exact = sample.exact();

        for (int i = 0; i < output.length; i++) {
            assertThat((double) output[i]).isCloseTo(exact[i], within(1e-5));
        }
    }

    @Test
    void scoresOfTensOfThousandsStayFinite() {
        AttentionCase sample = new AttentionCase(1, 2, 64, 500, 3, 1e4, 5);
        float[] output = sample.kernel();

        assertThat(output).isEqualTo(sample.reference());
        double[] exact = sample.exact();
        for (int i = 0; i < output.length; i++) {
            assertThat((double) output[i]).isCloseTo(exact[i], within(2e-2));
        }
    }

    @Test
    void scratchMemoryDoesNotGrowWithTheContext() {
        long bytes = new Attention(new KeyValueLayout(4, 128, KeyValueType.F16), 32, 1f).scratchBytes();

        assertThat(bytes).isLessThan(512 << 10);
    }

    @Test
    void argumentsThatDoNotFitAreRefused() {
        KeyValueLayout layout = new KeyValueLayout(2, 16, KeyValueType.F32);
        Attention attention = new Attention(layout, 4, 1f);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] pages = {arena.allocate(layout.pageBytes())};
            FloatMatrix rows = FloatMatrix.allocate(arena, 2, 4 * 16);
            AttentionTile tile = new AttentionTile(arena.allocate(attention.scratchBytes()));
            AttentionTile small = new AttentionTile(arena.allocate(100));

            assertThatThrownBy(() -> new Attention(layout, 3, 1f))
                    .hasMessageContaining("3 query heads cannot share 2 key/value heads evenly");
            assertThatThrownBy(() -> new Attention(layout, 4, 0f))
                    .hasMessageContaining("scores multiplied by 0.0; the scale must be above 0");
            tile.place(pages, 63, 0, 2);
            assertThatThrownBy(() -> attention.attend(tile, 0, rows, rows))
                    .hasMessageContaining("65 keys in 1 pages of 64 positions");
            tile.place(pages, 0, 0, 33);
            assertThatThrownBy(() -> attention.attend(tile, 0, rows, rows))
                    .hasMessageContaining("a tile of 33 positions of which the first sees 1 keys; 1 to 32");
            tile.place(pages, 0, 0, 1);
            assertThatThrownBy(() -> attention.attend(tile, 2, rows, rows))
                    .hasMessageContaining("key/value head 2 of a layout of 2");
            tile.place(pages, 0, 1, 2);
            assertThatThrownBy(() -> attention.attend(tile, 0, rows, rows))
                    .hasMessageContaining("the queries are 2 x 64 where at least 3 x 64 are needed");
            small.place(pages, 0, 0, 1);
            assertThatThrownBy(() -> attention.attend(small, 0, rows, rows))
                    .hasMessageContaining("the scratch memory has 100 bytes");
        }
    }
}
