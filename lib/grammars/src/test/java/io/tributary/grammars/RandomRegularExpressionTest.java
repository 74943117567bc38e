package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomRegularExpressionTest {
    private final TestVocabulary vocabulary = TestVocabulary.of(2, 300);

    /** Characters, and the bytes that end one that is begun. */
    private final int[] closers = IntStream.concat(
                    Arrays.stream(vocabulary.tokensOf(RandomRegularExpression.CHARACTERS)), IntStream.range(0x80, 0xc0))
            .toArray();

    @Test
    void textsAreAcceptedExactlyIfThePlatformsEngineMatchesThem() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            RandomRegularExpression expressions = new RandomRegularExpression(random);
            String pattern = expressions.pattern(4);
            Pattern judge = Pattern.compile(pattern);
            CompiledGrammar grammar = vocabulary.compile(Grammar.ofRegularExpression(pattern));
            for (int i = 0; i < 20; i++) {
                String text = i % 2 == 0
                        ? expressions.text()
                        : expressions.mutated(
                                Walk.of(vocabulary, grammar, random, 5, closers).text());
                assertThat(vocabulary.accepts(grammar, text, random))
                        .as("seed %d, pattern %s, text %s", seed, pattern, text)
                        .isEqualTo(judge.matcher(text).matches());
            }
        }
    }

    @Test
    void textsOfRandomWeightsMatch() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            String pattern = new RandomRegularExpression(random).pattern(4);
            CompiledGrammar grammar = vocabulary.compile(Grammar.ofRegularExpression(pattern));
            for (int i = 0; i < 5; i++) {
                String text = Walk.of(vocabulary, grammar, random, 12, closers).text();
                assertThat(Pattern.matches(pattern, text))
                        .as("seed %d, pattern %s, text %s", seed, pattern, text)
                        .isTrue();
                assertThat(vocabulary.accepts(grammar, text, random))
                        .as("seed %d, pattern %s, text %s", seed, pattern, text)
                        .isTrue();
            }
        }
    }
}
