package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Typical-p and the epsilon cutoff, alone and behind other truncation, against their definitions in double. */
class TruncationTest {
    private static final TokenHistory NO_HISTORY = new TokenHistory();
    private static final SamplingParameters UNCHANGED =
            SamplingParameters.greedy().withTemperature(1);
    private static final Truncation ALL = Truncation.keepAll();

    @Test
    void typicalKeepsWhatIsNearestToTheEntropy() {
        // The information contents are 0.80, 1.29 and 1.29 nats, the entropy is 1.07.
        float[] probabilities = kept(UNCHANGED.withTruncation(ALL.withTypicalP(0.2f)), 0.45f, 0.275f, 0.275f);
        assertThat(ids(probabilities)).containsExactly(1, 2);
        assertThat(probabilities[1]).isEqualTo(0.5f);
    }

    @Test
    void typicalKeepsAllThatAreAsNearAsTheLastOne() {
        assertThat(ids(kept(UNCHANGED.withTruncation(ALL.withTypicalP(0.01f)), 0.25f, 0.25f, 0.25f, 0.25f)))
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void epsilonKeepsTokensOfAtLeastThatProbability() {
        assertThat(ids(kept(UNCHANGED.withTruncation(ALL.withEpsilonCutoff(0.15f)), 0.5f, 0.3f, 0.16f, 0.04f)))
                .containsExactly(0, 1, 2);
    }

    @Test
    void epsilonKeepsTheLikeliestIfNoneReachesIt() {
        assertThat(ids(kept(UNCHANGED.withTruncation(ALL.withEpsilonCutoff(0.9f)), 0.2f, 0.5f, 0.3f)))
                .containsExactly(1);
    }

    @Test
    void epsilonLooksAtWhatTopKHasKept() {
        SamplingParameters parameters = UNCHANGED.withTruncation(ALL.withTopK(2).withEpsilonCutoff(0.4f));
        // 0.3 of 1 is below the cutoff, 0.3 of 0.65 is not.
        assertThat(ids(kept(parameters, 0.35f, 0.3f, 0.2f, 0.15f))).containsExactly(0, 1);
    }

    @Test
    void maskedTokensStayOutOfEveryTruncation() {
        float[] logits = {Float.NEGATIVE_INFINITY, 1, 0.5f, Float.NEGATIVE_INFINITY, 0};
        for (Truncation truncation : List.of(
                ALL.withTypicalP(0.3f),
                ALL.withTypicalP(Math.nextDown(1f)),
                ALL.withEpsilonCutoff(Float.MIN_VALUE),
                ALL.withTopK(4).withTypicalP(0.99f).withEpsilonCutoff(0.01f))) {
            float[] probabilities =
                    new Sampler(5).probabilities(Logits.of(logits), UNCHANGED.withTruncation(truncation), NO_HISTORY);
            assertThat(ids(probabilities))
                    .as("%s", truncation)
                    .isSubsetOf(1, 2, 4)
                    .isNotEmpty();
        }
    }

    @Test
    void randomTruncationKeepsTheTokensOfItsDefinition() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            float[] logits = random(2 + random.nextInt(700), random, 0.1f + 5 * random.nextFloat());
            Truncation truncation = new Truncation(
                    random.nextBoolean() ? 0 : 1 + random.nextInt(logits.length),
                    random.nextBoolean() ? 1 : 1 - random.nextFloat(),
                    random.nextBoolean() ? 0 : 0.2f * random.nextFloat(),
                    random.nextInt(4) == 0 ? 1 : 1 - random.nextFloat(),
                    random.nextBoolean() ? 0 : 0.1f * random.nextFloat());
            float temperature = 0.3f + random.nextFloat();
            assertThat(ids(new Sampler(logits.length)
                            .probabilities(
                                    Logits.of(logits),
                                    UNCHANGED.withTemperature(temperature).withTruncation(truncation),
                                    NO_HISTORY)))
                    .as("seed %d, %s", seed, truncation)
                    .isEqualTo(ReferenceTruncation.kept(logits, temperature, truncation));
        }
    }

    @Test
    void typicalOfALargeVocabularyEqualsThatByFullSort() {
        int vocabulary = 32_003;
        for (long seed = 1; seed <= 6; seed++) {
            float[] logits = random(vocabulary, new Random(seed), seed * seed * 0.2f);
            for (float typicalP : new float[] {0.05f, 0.5f, 0.95f, 0.9999f}) {
                Truncation truncation = ALL.withTypicalP(typicalP);
                assertThat(ids(new Sampler(vocabulary)
                                .probabilities(Logits.of(logits), UNCHANGED.withTruncation(truncation), NO_HISTORY)))
                        .as("seed %d, typical_p %s", seed, typicalP)
                        .isEqualTo(ReferenceTruncation.kept(logits, 1, truncation));
            }
        }
    }

    private static float[] kept(SamplingParameters parameters, float... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) Math.log(probabilities[id]);
        }
        return new Sampler(logits.length).probabilities(Logits.of(logits), parameters, NO_HISTORY);
    }

    private static List<Integer> ids(float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .filter(id -> probabilities[id] > 0)
                .boxed()
                .toList();
    }

    private static float[] random(int count, Random random, float scale) {
        float[] logits = new float[count];
        for (int id = 0; id < count; id++) {
            logits[id] = (float) random.nextGaussian() * scale;
        }
        return logits;
    }
}
