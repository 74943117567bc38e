package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
    @ParameterizedTest
    @ValueSource(strings = {"kjv", "gpt-2", "llama-spm", "unigram-bytes"})
    void anyTextOfALosslessFamilyComesBackAndNeverBecomesASpecialToken(String vocabulary) {
        assertTexts(vocabulary, 10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"phi-3", "baichuan", "mpt", "gpt-neox", "deepseek-coder"})
    void soItDoesWithTheOtherVocabularies(String vocabulary) {
        assertTexts(vocabulary, 500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"starcoder", "refact"})
    void aVocabularyWithoutTheByteOfUnassignedPlanesReplacesThem(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            String text = "a" + Character.toString(0x40000) + Character.toString(0x3FFFD) + "b"
                    + Character.toString(0x7FFFF) + Character.toString(0xE0067);
            assertThat(tokenizer.decode(tokenizer.encode(text, false), true))
                    .isEqualTo("a\uFFFD" + Character.toString(0x3FFFD) + "b\uFFFD" + Character.toString(0xE0067));
        }
    }

    private static void assertTexts(String vocabulary, int texts) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (long seed = 0; seed < texts; seed++) {
                String text = new RandomText(seed).next();
                int[] ids = tokenizer.encode(text, false);
                assertThat(tokenizer.decode(ids, true)).as("seed %d", seed).isEqualTo(text);
                assertThat(IntStream.of(ids)).as("seed %d", seed).noneMatch(tokenizer.specialIds()::contains);
            }
        }
    }
}
