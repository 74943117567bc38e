package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTextTest {
    @Test
    void aLoneSurrogateIsRefusedWithItsIndex() {
        assertRefusedAt("\uD800", 0);
        assertRefusedAt("ab\uDC00c", 2);
        assertRefusedAt("😀\uD83D😀", 2);
        assertRefusedAt("a\uDE00\uD83D", 1);
    }

    @ParameterizedTest
    @CsvSource({"aaaa,4", "éé,4", "日日,6", "😀😀,8"})
    void theLimitCountsBytesOfUtf8(String text, int bytes) {
        assertThatCode(() -> InputText.check(text, bytes)).doesNotThrowAnyException();
        assertThatThrownBy(() -> InputText.check(text, bytes - 1))
                .isInstanceOf(TextTooLongException.class)
                .hasMessageContaining("has " + bytes + " bytes")
                .hasMessageContaining("at most " + (bytes - 1));
    }

    @Test
    void aTokenizerRefusesWhatIsTooLongOrNoText() {
        try (Tokenizer tokenizer = Tokenizer.open(Tokenizers.SHIPPED_MODEL, 5)) {
            assertThat(tokenizer.encode("12345", false)).hasSize(5);
            assertThatThrownBy(() -> tokenizer.encode("123456", false)).isInstanceOf(TextTooLongException.class);
            assertThatThrownBy(() -> tokenizer.encode("\uD800", false)).isInstanceOf(InvalidTextException.class);
        }
    }

    private static void assertRefusedAt(String text, int index) {
        InvalidTextException refusal =
                catchThrowableOfType(InvalidTextException.class, () -> InputText.check(text, 100));
        assertThat(refusal.index()).isEqualTo(index);
        assertThat(refusal).hasMessageContaining("index " + index);
    }
}
