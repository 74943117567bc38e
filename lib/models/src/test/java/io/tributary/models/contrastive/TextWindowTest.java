package io.tributary.models.contrastive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextWindowTest {
    private static final int BEGIN = 49406;
    private static final int END = 49407;

    private static int[] text(int tokens) {
        int[] ids = IntStream.range(0, tokens).map(index -> 300 + index).toArray();
        ids[0] = BEGIN;
        ids[tokens - 1] = END;
        return ids;
    }

    @Test
    void whatFollowsTheEndIsLeftOut() {
        int[] padded = {BEGIN, 320, 22697, END, END, END};
        assertThat(new TextWindow(77, END).fit(padded, false)).containsExactly(BEGIN, 320, 22697, END);
        assertThat(new TextWindow(77, END).fit(new int[] {BEGIN, 5, END, 0, 0}, false))
                .containsExactly(BEGIN, 5, END);
    }

    /** Where the configuration says 2, which is an ordinary token. */
    @Test
    void olderConfigurationsMeanTheHighestId() {
        int[] padded = {BEGIN, 2, 320, END, 0, 0};
        assertThat(new TextWindow(77, 2).fit(padded, false)).containsExactly(BEGIN, 2, 320, END);
    }

    @Test
    void aTextOfAsManyTokensAsPositionsFits() {
        assertThat(new TextWindow(77, END).fit(text(77), false)).isEqualTo(text(77));
    }

    @Test
    void aTextOf88TokensIsRefusedUnlessItMayBeCut() {
        TextWindow window = new TextWindow(77, END);
        assertThatExceptionOfType(TextTooLongException.class)
                .isThrownBy(() -> window.fit(text(88), false))
                .withMessageContaining("88 tokens")
                .withMessageContaining("77 positions")
                .withMessageContaining("truncated");
        int[] cut = window.fit(text(88), true);
        assertThat(cut).hasSize(77).endsWith(END).startsWith(BEGIN, 301);
        assertThat(cut[75]).isEqualTo(text(88)[75]);
        assertThat(new TextWindow(77, 2).fit(text(88), true)).isEqualTo(cut);
    }

    @Test
    void aTextWithoutItsEndEndsWithItsLastToken() {
        assertThat(new TextWindow(77, END).fit(new int[] {BEGIN, 7, 8}, false)).containsExactly(BEGIN, 7, 8);
        assertThatIllegalArgumentException().isThrownBy(() -> new TextWindow(77, END).fit(new int[0], false));
    }
}
