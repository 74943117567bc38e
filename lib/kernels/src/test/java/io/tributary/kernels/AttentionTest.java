package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 200, 1000, 4097})
    void anyNumberOfKeysGivesTheBitsOfTheScalarReference(int keys) {
        AttentionCase sample = new AttentionCase(1, 3, 64, keys, 1, keys);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 20, 33, 48, 64, 80, 96, 100, 128, 256})
    void anyHeadSizeGivesTheBitsOfTheScalarReference(int headSize) {
        AttentionCase sample = new AttentionCase(2, 8, headSize, 149, 1, headSize);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @Test
    void everyQueryHeadMayHaveKeysOfItsOwn() {
        AttentionCase sample = new AttentionCase(5, 5, 32, 70, 1, 3);

        assertThat(sample.kernel()).isEqualTo(sample.reference());
    }

    @Test
    void theOutputIsNearDoublePrecision() {
        AttentionCase sample = new AttentionCase(2, 4, 64, 777, 3, 4);
        float[] output = sample.kernel();
        double[] exact = sample.exact();

        for (int i = 0; i < output.length; i++) {
            assertThat((double) output[i]).isCloseTo(exact[i], within(1e-5));
        }
    }

    @Test
    void scoresOfTensOfThousandsStayFinite() {
        AttentionCase sample = new AttentionCase(1, 2, 64, 500, 1e4, 5);
        float[] output = sample.kernel();

        assertThat(output).isEqualTo(sample.reference());
        double[] exact = sample.exact();
        for (int i = 0; i < output.length; i++) {
            assertThat((double) output[i]).isCloseTo(exact[i], within(2e-2));
        }
    }

    @Test
    void argumentsThatDoNotFitAreRefused() {
        KeyValueLayout layout = new KeyValueLayout(2, 16);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] pages = {arena.allocate(layout.pageBytes())};
            MemorySegment row = arena.allocate(4 * 16 * 4L);
            MemorySegment scratch = arena.allocate(Attention.scratchBytes(4, layout, 64));

            assertThatThrownBy(() -> Attention.attend(layout, pages, 65, row, 4, 0, 1f, row, scratch))
                    .hasMessageContaining("65 keys in 1 pages of 64 positions");
            assertThatThrownBy(() -> Attention.attend(layout, pages, 1, row, 3, 0, 1f, row, scratch))
                    .hasMessageContaining("3 query heads cannot share 2 key/value heads evenly");
            assertThatThrownBy(() -> Attention.attend(layout, pages, 1, row, 4, 2, 1f, row, scratch))
                    .hasMessageContaining("key/value head 2 of a layout of 2");
            assertThatThrownBy(() -> Attention.attend(layout, pages, 64, row, 4, 0, 1f, row, row))
                    .hasMessageContaining("the scratch memory has 256 bytes");
            assertThatThrownBy(() -> Attention.store(layout, pages[0], 64, row, row))
                    .hasMessageContaining("slot 64 of a page");
            assertThatThrownBy(() -> Attention.store(layout, row, 0, row, row))
                    .hasMessage("the page has 256 bytes, " + layout.pageBytes() + " are needed");
        }
    }
}
