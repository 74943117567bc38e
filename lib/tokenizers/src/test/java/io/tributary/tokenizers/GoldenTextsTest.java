package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenTextsTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "phi-3", "gpt-2", "refact", "starcoder", "mpt", "deepseek-coder"})
    void everyTextHasTheIdsOfTheReferenceAndComesBack(String vocabulary) {
        List<String> texts = Tokenizers.goldenTexts();
        List<int[]> expected = Tokenizers.goldenIds(vocabulary);
        assertThat(texts).hasSize(46);
        assertThat(expected).hasSameSizeAs(texts);
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (int index = 0; index < texts.size(); index++) {
                String text = texts.get(index);
                assertThat(tokenizer.encode(text, false))
                        .as("ids of text %d '%s'", index, text)
                        .isEqualTo(expected.get(index));
                assertThat(tokenizer.decode(expected.get(index), true))
                        .as("text %d", index)
                        .isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"baichuan", "gpt-neox"})
    void everyTextComesBackWhereThereIsNoReference(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (String text : Tokenizers.goldenTexts()) {
                assertThat(tokenizer.decode(tokenizer.encode(text, false), true))
                        .isEqualTo(text);
            }
        }
    }
}
