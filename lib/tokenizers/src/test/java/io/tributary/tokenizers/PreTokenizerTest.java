package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreTokenizerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** Digits, an apostrophe with S, and line ends may all be merged, so what stays apart was cut. */
    @ParameterizedTest
    @CsvSource({
        "gpt-2,     1111|!!",
        "default,   111|1|!!",
        "qwen2,     1|1|1|1|!!",
        "llama-bpe, 111|1|!!",
        "llama-v3,  111|1|!!",
        "llama3,    111|1|!!",
    })
    void numbersAreCutAsTheModelsWereTrained(String name, String pieces) {
        assertThat(pieces(name, "1111!!")).isEqualTo(pieces);
    }

    @ParameterizedTest
    @CsvSource({"gpt-2,I|'|S", "default,I|'|S", "qwen2,I|'S", "llama-bpe,I|'S"})
    void onlyTheNewerOnesKnowContractionsInCapitals(String name, String pieces) {
        assertThat(pieces(name, "I'S")).isEqualTo(pieces);
    }

    @ParameterizedTest
    @CsvSource({"gpt-2,~|~|a", "default,~|~|a", "qwen2,~~|a", "llama-bpe,~~|a"})
    void onlyTheNewerOnesKeepLineEndsInFrontOfAWordTogether(String name, String pieces) {
        assertThat(pieces(name, "\n\na").replace('\n', '~')).isEqualTo(pieces);
    }

    @ParameterizedTest
    @CsvSource({"gpt-2,x|yz", "qwen2,x|yz", "llama-bpe,xyz"})
    void aWholeWordOfTheVocabularyIsTakenWithoutMergesOnlyWhereModelsWereTrainedSo(String name, String pieces) {
        assertThat(pieces(name, "xyz")).isEqualTo(pieces);
    }

    @Test
    void anUnknownOneIsNamedWithTheSupportedOnes() {
        Path file = SmallVocabulary.byteLevel("kimi-k2").write(directory);
        assertThatThrownBy(() -> Tokenizers.open(file))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("'kimi-k2' is not known")
                .hasMessageContaining("known are default, gpt-2, phi-2, mpt")
                .hasMessageContaining(file.toString());
    }

    private String pieces(String name, String text) {
        String lineEnd = String.valueOf(ByteLevelAlphabet.character('\n'));
        Path file = SmallVocabulary.byteLevel(name)
                .merge("1", "1")
                .merge("11", "11")
                .merge("11", "1")
                .merge("!", "!")
                .merge("'", "S")
                .merge(lineEnd, lineEnd)
                .merge("y", "z")
                .piece("xyz", PieceType.NORMAL)
                .write(directory);
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            int[] ids = tokenizer.encode(text, false);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
            return Arrays.stream(ids)
                    .mapToObj(id -> new String(tokenizer.piece(id), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("|"));
        }
    }
}
