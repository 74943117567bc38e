package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepeatedNgramsTest {
    private static final SamplingParameters GREEDY = SamplingParameters.greedy();

    @Test
    void aTokenThatFollowedTheSameContextBeforeIsRuledOut() {
        TokenHistory history = historyOf(1, 2, 3, 9, 1, 2, 4, 2, 5, 1, 2);
        assertThat(ruledOut(history, 3, 10)).containsExactly(3, 4);
        assertThat(ruledOut(history, 2, 10)).containsExactly(3, 4, 5);
        assertThat(ruledOut(history, 1, 10)).containsExactly(1, 2, 3, 4, 5, 9);
        assertThat(ruledOut(history, 4, 10)).isEmpty();
    }

    @Test
    void anOccurrenceMayOverlapTheContext() {
        assertThat(ruledOut(historyOf(7, 7, 7, 7), 4, 8)).containsExactly(7);
        assertThat(ruledOut(historyOf(7, 7, 7, 7), 5, 8)).isEmpty();
        assertThat(ruledOut(historyOf(1, 2, 1, 2, 1), 4, 8)).containsExactly(2);
    }

    @Test
    void aSequenceShorterThanTheNgramRulesOutNothing() {
        assertThat(ruledOut(new TokenHistory(), 1, 4)).isEmpty();
        assertThat(ruledOut(historyOf(1), 2, 4)).isEmpty();
        assertThat(ruledOut(historyOf(1, 1), Integer.MAX_VALUE, 4)).isEmpty();
    }

    @Test
    void theSameTokensAreRuledOutAsByComparingEveryWindow() {
        RepeatedNgrams reused = new RepeatedNgrams();
        for (long seed = 1; seed <= 400; seed++) {
            Random random = new Random(seed);
            int vocabulary = 1 + random.nextInt(4);
            int[] tokens = random.ints(random.nextInt(61), 0, vocabulary).toArray();
            int size = 1 + random.nextInt(12);
            float[] scores = new float[vocabulary];
            reused.ruleOut(historyOf(tokens), size, scores);
            assertThat(negativelyInfinite(scores))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(byComparingEveryWindow(tokens, size));
        }
    }

    @Test
    void noNgramOccursTwiceInWhatIsGenerated() {
        // With as many tokens as this, each has a follower left that it never had.
        int vocabulary = 101;
        for (int size = 2; size <= 4; size++) {
            Sampler sampler = new Sampler(vocabulary);
            SamplingParameters parameters =
                    GREEDY.withTemperature(0.2f).withPenalties(Penalties.none().withNoRepeatNgramSize(size));
            TokenHistory history = historyOf(3);
            for (int position = 1; position < 100; position++) {
                history.addGenerated(sampler.sample(Logits.of(peaked(vocabulary)), parameters, history, position)
                        .id());
            }
            int wanted = size;
            List<List<Integer>> windows = IntStream.rangeClosed(0, history.tokens() - size)
                    .mapToObj(from -> IntStream.range(from, from + wanted)
                            .mapToObj(history::token)
                            .toList())
                    .toList();
            assertThat(windows).as("n = %d", size).doesNotHaveDuplicates();
        }
    }

    @Test
    void greedySamplingObeysToo() {
        SamplingParameters parameters = GREEDY.withPenalties(Penalties.none().withNoRepeatNgramSize(2));
        SampledToken token = new Sampler(4).sample(Logits.of(0, 5, 9, 1), parameters, historyOf(3, 2, 0, 3), 4);
        assertThat(token.id()).isEqualTo(1);
    }

    @Test
    void aVocabularyWithoutATokenLeftIsReportedWithSizeAndPosition() {
        SamplingParameters parameters = GREEDY.withPenalties(Penalties.none().withNoRepeatNgramSize(1));
        assertThatExceptionOfType(NoTokenLeftException.class)
                .isThrownBy(() -> new Sampler(3)
                        .sample(Logits.of(0, 1, Float.NEGATIVE_INFINITY), parameters, historyOf(0, 1, 0), 3))
                .withMessageContaining("no_repeat_ngram_size is 1")
                .withMessageContaining("position 3");
    }

    @Test
    void theStepsGrowInProportionToTheSequence() {
        // Comparing windows would take 200 000 · 100 000 steps here, many seconds.
        int length = 200_000;
        TokenHistory history = historyOf(new int[length]);
        RepeatedNgrams ngrams = new RepeatedNgrams();
        float[] scores = new float[2];
        long start = System.nanoTime();
        ngrams.ruleOut(history, length / 2, scores);
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
        assertThat(negativelyInfinite(scores)).containsExactly(0);
    }

    private static Set<Integer> byComparingEveryWindow(int[] tokens, int size) {
        Set<Integer> ruledOut = new TreeSet<>();
        int context = size - 1;
        for (int from = 0; from + size <= tokens.length; from++) {
            boolean same = true;
            for (int index = 0; index < context; index++) {
                same &= tokens[from + index] == tokens[tokens.length - context + index];
            }
            if (same) {
                ruledOut.add(tokens[from + context]);
            }
        }
        return ruledOut;
    }

    private static List<Integer> ruledOut(TokenHistory history, int size, int vocabulary) {
        float[] scores = new float[vocabulary];
        new RepeatedNgrams().ruleOut(history, size, scores);
        return negativelyInfinite(scores);
    }

    private static List<Integer> negativelyInfinite(float[] scores) {
        return IntStream.range(0, scores.length)
                .filter(id -> scores[id] == Float.NEGATIVE_INFINITY)
                .boxed()
                .toList();
    }

    private static TokenHistory historyOf(int... tokens) {
        TokenHistory history = new TokenHistory();
        for (int token : tokens) {
            history.addPrompt(token);
        }
        return history;
    }

    private static float[] peaked(int vocabulary) {
        float[] logits = new float[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            logits[id] = -id;
        }
        return logits;
    }
}
