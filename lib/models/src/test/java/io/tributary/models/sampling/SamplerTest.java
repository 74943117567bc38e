package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final TokenHistory NO_HISTORY = new TokenHistory();
    private static final SamplingParameters UNCHANGED =
            SamplingParameters.greedy().withTemperature(1);
    private static final Truncation ALL = Truncation.keepAll();
    private static final Penalties NONE = Penalties.none();

    @Test
    void greedyTakesTheHighestLogitAndTheLowestIdOnATie() {
        Sampler sampler = new Sampler(5);
        SampledToken token = sampler.sample(Logits.of(1, 3, -2, 3, 0), SamplingParameters.greedy(), NO_HISTORY, 0);
        assertThat(token.id()).isEqualTo(1);
        assertThat(sampler.sample(Logits.of(-0f, 0f, -1, -1, -1), SamplingParameters.greedy(), NO_HISTORY, 0)
                        .id())
                .isEqualTo(0);
    }

    @Test
    void logprobAndAlternativesAreThoseOfTheLogitsBeforeAnyProcessing() {
        float[] logits = {0.5f, 2, -1, 2, 1};
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        TokenHistory history = new TokenHistory();
        history.addPrompt(1);
        history.addGenerated(3);
        SamplingParameters parameters = SamplingParameters.greedy()
                .withTruncation(ALL.withTopK(1).withTopP(0.1f).withMinP(0.5f))
                .withPenalties(NONE.withRepetition(3).withFrequency(1).withPresence(1))
                .withSeed(9)
                .withTopLogprobs(3);
        SampledToken token = new Sampler(5).sample(Logits.of(logits), parameters, history, 0);
        assertThat(token.id()).as("both favourites are penalised").isEqualTo(4);
        assertThat(token.logprob()).isCloseTo((float) (1 - Math.log(sum)), within(1e-6f));
        assertThat(token.alternatives()).extracting(TokenLogprob::id).containsExactly(1, 3, 4);
        assertThat(token.alternatives().getFirst().logprob()).isCloseTo((float) (2 - Math.log(sum)), within(1e-6f));
    }

    @Test
    void frequencyAndPresencePenaltiesCountGeneratedTokensOnly() {
        TokenHistory history = new TokenHistory();
        history.addPrompt(0);
        history.addPrompt(0);
        history.addGenerated(1);
        history.addGenerated(1);
        history.addGenerated(2);
        float[] probabilities = new Sampler(4)
                .probabilities(
                        Logits.of(0, 0, 0, 0),
                        UNCHANGED.withPenalties(NONE.withFrequency(0.5f).withPresence(0.25f)),
                        history);
        assertThat(probabilities[0]).isEqualTo(probabilities[3]);
        assertThat(probabilities[1] / probabilities[0]).isCloseTo((float) Math.exp(-1.25), within(1e-6f));
        assertThat(probabilities[2] / probabilities[0]).isCloseTo((float) Math.exp(-0.75), within(1e-6f));
    }

    @Test
    void topKKeepsExactlyKTokensAndTheLowestIdsOfATie() {
        float[] probabilities = new Sampler(6)
                .probabilities(Logits.of(1, 1, 2, 1, 1, -4), UNCHANGED.withTruncation(ALL.withTopK(3)), NO_HISTORY);
        assertThat(probabilities[2]).isPositive();
        assertThat(probabilities[0]).isPositive().isEqualTo(probabilities[1]);
        assertThat(new float[] {probabilities[3], probabilities[4], probabilities[5]})
                .containsOnly(0f);
    }

    @Test
    void anyLowTemperatureGivesTheGreedyToken() {
        float[] logits = random(500, 3, 30);
        int greedy = new Sampler(500)
                .sample(Logits.of(logits), SamplingParameters.greedy(), NO_HISTORY, 0)
                .id();
        for (float temperature : new float[] {1e-3f, 1e-20f, Float.MIN_VALUE}) {
            SamplingParameters parameters =
                    UNCHANGED.withTemperature(temperature).withSeed(5);
            assertThat(new Sampler(500)
                            .sample(Logits.of(logits), parameters, NO_HISTORY, 17)
                            .id())
                    .as("temperature %s", temperature)
                    .isEqualTo(greedy);
        }
    }

    @Test
    void extremePenaltiesGiveNoNaN() {
        TokenHistory history = new TokenHistory();
        history.addPrompt(0);
        history.addGenerated(1);
        for (float repetition : new float[] {Float.MIN_VALUE, Float.MAX_VALUE}) {
            SamplingParameters parameters = UNCHANGED
                    .withTruncation(ALL.withTopP(0.9f).withMinP(0.1f))
                    .withPenalties(
                            NONE.withRepetition(repetition).withFrequency(2).withPresence(2));
            float[] probabilities = new Sampler(3).probabilities(Logits.of(8, -8, 1e30f), parameters, history);
            float sum = probabilities[0] + probabilities[1] + probabilities[2];
            assertThat(sum).as("repetition penalty %s", repetition).isEqualTo(1f);
        }
    }

    @Test
    void theDrawDependsOnSeedAndPositionAlone() {
        checkDrawsOfAUsedSampler(UNCHANGED.withSeed(77), NO_HISTORY);
    }

    @Test
    void theDrawDependsOnNothingThatEarlierDrawsLeaveBehind() {
        TokenHistory history = new TokenHistory();
        for (int index = 0; index < 200; index++) {
            history.addPrompt(index * index % 37);
        }
        checkDrawsOfAUsedSampler(
                UNCHANGED
                        .withTruncation(new Truncation(250, 0.98f, 0.001f, 0.9f, 0.002f))
                        .withPenalties(new Penalties(1.1f, 0.1f, 0.1f, 2))
                        .withSeed(78),
                history);
    }

    private static void checkDrawsOfAUsedSampler(SamplingParameters parameters, TokenHistory history) {
        MemorySegment logits = Logits.of(random(300, 11, 1));
        Sampler used = new Sampler(300);
        for (int position = 0; position < 50; position++) {
            SampledToken again = used.sample(logits, parameters, history, position);
            assertThat(new Sampler(300).sample(logits, parameters, history, position))
                    .isEqualTo(again);
        }
    }

    @Test
    void aHundredThousandDrawsFollowTheProbabilities() {
        // Chi-squared at p = 0.001 by degrees of freedom.
        checkDraws(UNCHANGED.withTemperature(0.8f).withSeed(4), 19, 43.82);
        checkDraws(
                UNCHANGED.withTemperature(1.1f).withTruncation(ALL.withTopK(12)).withSeed(5), 11, 31.26);
        checkDraws(UNCHANGED.withTruncation(ALL.withTopP(0.9f)).withSeed(-6), -1, 43.82);
        checkDraws(
                UNCHANGED
                        .withTruncation(ALL.withTypicalP(0.8f).withEpsilonCutoff(0.02f))
                        .withSeed(7),
                -1,
                43.82);
    }

    private static void checkDraws(SamplingParameters parameters, int degreesOfFreedom, double critical) {
        int draws = 100_000;
        MemorySegment logits = Logits.of(random(20, 99, 1));
        Sampler sampler = new Sampler(20);
        float[] probabilities = sampler.probabilities(logits, parameters, NO_HISTORY);
        int[] counts = new int[20];
        for (int position = 0; position < draws; position++) {
            counts[sampler.sample(logits, parameters, NO_HISTORY, position).id()]++;
        }
        double sum = 0;
        int kept = 0;
        for (int id = 0; id < counts.length; id++) {
            if (probabilities[id] > 0) {
                double expected = draws * (double) probabilities[id];
                sum += (counts[id] - expected) * (counts[id] - expected) / expected;
                kept++;
            } else {
                assertThat(counts[id]).as("dropped token %d", id).isZero();
            }
        }
        if (degreesOfFreedom > 0) {
            assertThat(kept - 1).isEqualTo(degreesOfFreedom);
        }
        assertThat(sum).as("chi-squared of %s", parameters).isLessThan(critical);
    }

    @Test
    void truncationOfALargeVocabularyEqualsThatByFullSort() {
        int vocabulary = 32_003;
        for (long seed = 1; seed <= 6; seed++) {
            // Small steps make many ties; the first ones are nearly flat, the later ones peaked.
            float[] logits = random(vocabulary, seed, (float) (seed * seed * 0.2));
            for (int id = 0; id < vocabulary; id++) {
                logits[id] = Math.round(logits[id] * 64) / 64f;
            }
            for (float topP : new float[] {0.2f, 0.95f, 0.9999f}) {
                float[] actual = new Sampler(vocabulary)
                        .probabilities(Logits.of(logits), UNCHANGED.withTruncation(ALL.withTopP(topP)), NO_HISTORY);
                assertThat(keptIds(actual)).as("seed %d, top_p %s", seed, topP).isEqualTo(topPBySort(logits, topP));
            }
            float[] topK = new Sampler(vocabulary)
                    .probabilities(Logits.of(logits), UNCHANGED.withTruncation(ALL.withTopK(1001)), NO_HISTORY);
            assertThat(keptIds(topK))
                    .as("seed %d", seed)
                    .isEqualTo(
                            falling(logits).subList(0, 1001).stream().sorted().toList());
        }
    }

    private static List<Integer> topPBySort(float[] logits, float topP) {
        List<Integer> order = falling(logits);
        double maximum = logits[order.getFirst()];
        double total = 0;
        for (float logit : logits) {
            total += Math.exp(logit - maximum);
        }
        double mass = 0;
        int kept = 0;
        while (kept < order.size() && mass < topP * total) {
            mass += Math.exp(logits[order.get(kept)] - maximum);
            kept++;
        }
        return order.subList(0, kept).stream().sorted().toList();
    }

    private static List<Integer> falling(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -logits[id]).thenComparing(id -> id))
                .toList();
    }

    private static List<Integer> keptIds(float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .filter(id -> probabilities[id] > 0)
                .boxed()
                .toList();
    }

    @Test
    void logitsThatAreNoNumbersAreRefusedWithTheToken() {
        Sampler sampler = new Sampler(3);
        SamplingParameters greedy = SamplingParameters.greedy();
        assertThatExceptionOfType(InvalidLogitsException.class)
                .isThrownBy(() -> sampler.sample(Logits.of(0, Float.NaN, 1), greedy, NO_HISTORY, 0))
                .withMessageContaining("token 1")
                .withMessageContaining("NaN");
        assertThatExceptionOfType(InvalidLogitsException.class)
                .isThrownBy(() -> sampler.sample(Logits.of(0, 0, Float.POSITIVE_INFINITY), greedy, NO_HISTORY, 0))
                .withMessageContaining("token 2");
        float[] masked = new float[3];
        Arrays.fill(masked, Float.NEGATIVE_INFINITY);
        assertThatExceptionOfType(InvalidLogitsException.class)
                .isThrownBy(() -> sampler.sample(Logits.of(masked), greedy, NO_HISTORY, 0))
                .withMessageContaining("all 3");
    }

    @Test
    void aMaskedTokenIsNeverDrawn() {
        Sampler sampler = new Sampler(3);
        MemorySegment logits = Logits.of(Float.NEGATIVE_INFINITY, 0, 0);
        SamplingParameters parameters =
                UNCHANGED.withTemperature(100).withSeed(1).withTopLogprobs(3);
        for (int position = 0; position < 1000; position++) {
            SampledToken token = sampler.sample(logits, parameters, NO_HISTORY, position);
            assertThat(token.id()).isNotZero();
            assertThat(token.alternatives().getLast().logprob()).isEqualTo(Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void tooFewLogitsAreRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Sampler(4).sample(Logits.of(1, 2), SamplingParameters.greedy(), NO_HISTORY, 0))
                .withMessageContaining("8 bytes")
                .withMessageContaining("16");
    }

    private static float[] random(int count, long seed, float scale) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) random.nextGaussian() * scale;
        }
        return values;
    }
}
