package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
    private static final int TEXTS = 2000;

    @ParameterizedTest
    @ValueSource(strings = {"kjv", "gpt-2", "llama-spm"})
    void anyTextComesBackAndNeverBecomesASpecialToken(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (long seed = 0; seed < TEXTS; seed++) {
                String text = new RandomText(seed).next();
                int[] ids = tokenizer.encode(text, false);
                assertThat(tokenizer.decode(ids, true)).as("seed %d", seed).isEqualTo(text);
                assertThat(IntStream.of(ids)).as("seed %d", seed).noneMatch(tokenizer.specialIds()::contains);
            }
        }
    }
}
