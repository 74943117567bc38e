package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8DecoderTest {
    /** The rows with several bytes are the examples of section 3.9 of the Unicode Standard, tables 3-8 to 3-11. */
    @ParameterizedTest
    @CsvSource({
        "41,                                  A",
        "C3A9,                                é",
        "F09F9880,                            😀",
        "C0AFE080BFF0818241,                  ????????A",
        "EDA080EDBFBFEDAF41,                  ????????A",
        "F4919293FF4180BF42,                  ?????A??B",
        "E180E2F09192F1BF41,                  ????A",
        "E18041,                              ?A",
        "F48FBF,                              ?",
        "F09F98E282AC,                        ?€",
        "FF,                                  ?",
        "C2C2A0,                              ?\u00A0",
    })
    void eachMaximalPartOfABrokenCharacterIsReplacedOnce(String bytes, String expected) {
        assertThat(decoded(HexFormat.of().parseHex(bytes))).isEqualTo(expected.replace('?', '\uFFFD'));
    }

    @Test
    void everyCodePointComesBack() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                assertThat(decoded(text.getBytes(StandardCharsets.UTF_8)).equals(text))
                        .as("U+%X", codePoint)
                        .isTrue();
            }
        }
    }

    private static String decoded(byte[] bytes) {
        Utf8Decoder decoder = new Utf8Decoder();
        StringBuilder text = new StringBuilder();
        for (byte next : bytes) {
            decoder.accept(next, text);
        }
        decoder.finish(text);
        return text.toString();
    }
}
