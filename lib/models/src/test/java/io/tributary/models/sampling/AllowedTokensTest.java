package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Logit biases, and tokens that a constraint rules out. */
class AllowedTokensTest {
    private static final TokenHistory NO_HISTORY = new TokenHistory();
    private static final SamplingParameters GREEDY = SamplingParameters.greedy();

    @Test
    void aBiasIsAddedBeforePenaltiesAndDoesNotShowInLogprobs() {
        TokenHistory history = new TokenHistory();
        history.addGenerated(1);
        MemorySegment logits = Logits.of(1, 0.5f, 0, -1);
        SamplingParameters parameters = GREEDY.withTopLogprobs(4)
                .withPenalties(Penalties.none().withRepetition(10))
                .withLogitBiases(List.of(new LogitBias(1, 8), new LogitBias(3, 2.5f)));

        SampledToken token = new Sampler(4).sample(logits, parameters, history, 0);

        assertThat(token.id()).as("8.5 / 10 is below -1 + 2.5").isEqualTo(3);
        SampledToken unbiased = new Sampler(4).sample(logits, GREEDY.withTopLogprobs(4), NO_HISTORY, 0);
        assertThat(token.alternatives()).isEqualTo(unbiased.alternatives());
        assertThat(token.logprob()).isEqualTo(unbiased.alternatives().get(3).logprob());
    }

    @Test
    void aBiasOfATokenThatTheModelRulesOutDoesNotBringItBack() {
        SamplingParameters parameters = GREEDY.withLogitBiases(List.of(new LogitBias(0, 100)));
        SampledToken token = new Sampler(2).sample(Logits.of(Float.NEGATIVE_INFINITY, -50), parameters, NO_HISTORY, 0);
        assertThat(token.id()).isEqualTo(1);
    }

    @Test
    void biasesOfTheSameTokenAddUpAndStayFinite() {
        SamplingParameters parameters = GREEDY.withTemperature(1)
                .withLogitBiases(List.of(new LogitBias(0, 100), new LogitBias(0, 100), new LogitBias(1, 100)));
        float[] probabilities = new Sampler(2).probabilities(Logits.of(Float.MAX_VALUE, 0), parameters, NO_HISTORY);
        assertThat(probabilities).containsExactly(1, 0);
    }

    @Test
    void onlyAllowedTokensAreDrawnWithTheProbabilitiesThatTheyHaveWithoutTheOthers() {
        int vocabulary = 150;
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            SamplingParameters parameters = anyParameters(random, vocabulary);
            TokenHistory history = new TokenHistory();
            random.ints(40, 0, vocabulary).forEach(history::addGenerated);
            BitSet allowed = anyTokens(random, vocabulary);
            float[] logits = new float[vocabulary];
            float[] expected = new float[vocabulary];
            for (int id = 0; id < vocabulary; id++) {
                logits[id] = (float) random.nextGaussian() * 3;
                expected[id] = allowed.get(id) ? logits[id] : Float.NEGATIVE_INFINITY;
            }

            Sampler sampler = new Sampler(vocabulary);
            float[] actual = sampler.probabilities(Logits.of(logits), parameters, history, words(allowed, vocabulary));

            assertThat(actual)
                    .as("seed %d", seed)
                    .isEqualTo(sampler.probabilities(Logits.of(expected), parameters, history));
            SampledToken token =
                    sampler.sample(Logits.of(logits), parameters, history, seed, words(allowed, vocabulary));
            assertThat(allowed.get(token.id())).as("seed %d", seed).isTrue();
            assertThat(token.alternatives())
                    .as("seed %d", seed)
                    .isEqualTo(sampler.sample(Logits.of(logits), parameters, history, seed)
                            .alternatives());
        }
    }

    private static SamplingParameters anyParameters(Random random, int vocabulary) {
        List<LogitBias> biases = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            biases.add(new LogitBias(random.nextInt(vocabulary), random.nextFloat() * 200 - 100));
        }
        return GREEDY.withTemperature(random.nextInt(4) == 0 ? 0 : 0.1f + random.nextFloat())
                .withTruncation(new Truncation(
                        random.nextInt(3) * 20,
                        0.5f + random.nextFloat() / 2,
                        random.nextFloat() / 10,
                        0.5f + random.nextFloat() / 2,
                        random.nextFloat() / 100))
                .withPenalties(new Penalties(1 + random.nextFloat(), random.nextFloat(), random.nextFloat(), 0))
                .withSeed(random.nextLong())
                .withTopLogprobs(random.nextInt(5))
                .withLogitBiases(biases);
    }

    /** At least one; whole words of all and of none among them. */
    private static BitSet anyTokens(Random random, int vocabulary) {
        BitSet allowed = new BitSet();
        allowed.set(random.nextInt(vocabulary));
        switch (random.nextInt(3)) {
            case 0 -> allowed.set(0, Long.SIZE);
            case 1 -> random.ints(30, 0, vocabulary).forEach(allowed::set);
            default -> allowed.set(Long.SIZE, vocabulary);
        }
        return allowed;
    }

    private static long[] words(BitSet allowed, int vocabulary) {
        return Arrays.copyOf(allowed.toLongArray(), Math.ceilDiv(vocabulary, Long.SIZE));
    }

    @Test
    void allTokensAllowedIsAsNoneRuledOut() {
        MemorySegment logits = Logits.of(3, 1, 2);
        SamplingParameters parameters = GREEDY.withTemperature(1).withSeed(3);
        for (int position = 0; position < 100; position++) {
            assertThat(new Sampler(3).sample(logits, parameters, NO_HISTORY, position, new long[] {0b111}))
                    .isEqualTo(new Sampler(3).sample(logits, parameters, NO_HISTORY, position));
        }
    }

    @Test
    void aConstraintThatLeavesNoTokenIsNamedWithTheVocabularyAndThePosition() {
        TokenHistory history = new TokenHistory();
        history.addPrompt(2);
        Sampler sampler = new Sampler(3);
        assertThatExceptionOfType(NoTokenLeftException.class)
                .isThrownBy(() -> sampler.sample(Logits.of(3, 1, 2), GREEDY, history, 1, new long[1]))
                .withMessageContaining("the constraint rules out all 3 tokens of the vocabulary at position 1");
        float[] ruledOutByTheModel = {Float.NEGATIVE_INFINITY, 1, 2};
        assertThatExceptionOfType(NoTokenLeftException.class)
                .isThrownBy(() -> sampler.sample(Logits.of(ruledOutByTheModel), GREEDY, history, 1, new long[] {0b1}));
    }

    @Test
    void ngramsThatRuleOutTheRestOfWhatAConstraintAllowsAreNamed() {
        TokenHistory history = new TokenHistory();
        history.addPrompt(2);
        SamplingParameters parameters = GREEDY.withPenalties(Penalties.none().withNoRepeatNgramSize(1));
        assertThatExceptionOfType(NoTokenLeftException.class)
                .isThrownBy(() -> new Sampler(3).sample(Logits.of(3, 1, 2), parameters, history, 1, new long[] {0b100}))
                .withMessageContaining("no_repeat_ngram_size is 1")
                .withMessageContaining("every token that the constraint allows at position 1");
    }

    @Test
    void aMaskThatDoesNotCoverTheVocabularyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sampler(65).sample(Logits.of(new float[65]), GREEDY, NO_HISTORY, 0, new long[1]))
                .withMessageContaining("1 words")
                .withMessageContaining("65 tokens");
    }

    @Test
    void aBiasBeyondTheVocabularyIsRefused() {
        assertThatExceptionOfType(InvalidParameterException.class)
                .isThrownBy(() -> new Sampler(2)
                        .sample(Logits.of(0, 0), GREEDY.withLogitBiases(List.of(new LogitBias(2, 1))), NO_HISTORY, 0))
                .withMessageContaining("2");
    }

    @Test
    void aScoreHasTheBitsThatTheSamplerReportsForTheToken() {
        Random random = new Random(5);
        float[] logits = new float[500];
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) random.nextGaussian() * 4;
        }
        TokenScorer scorer = new TokenScorer(500);
        for (int position = 0; position < 50; position++) {
            SamplingParameters parameters =
                    GREEDY.withTemperature(2).withSeed(1).withTopLogprobs(7);
            SampledToken drawn = new Sampler(500).sample(Logits.of(logits), parameters, NO_HISTORY, position);
            assertThat(scorer.score(Logits.of(logits), drawn.id(), 7))
                    .isEqualTo(new TokenScore(drawn.id(), drawn.logprob(), drawn.alternatives()));
        }
    }
}
