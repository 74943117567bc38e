package io.tributary.models.sampling;

import io.tributary.kernels.Softmax;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws tokens from logits, always in this order: repetition, frequency and presence penalty; tokens that would repeat an
 * n-gram are ruled out; temperature; top-k; top-p; min-p; typical-p; epsilon cutoff; the draw. It is the order of
 * Hugging Face transformers. Log-probabilities are those of the logits as they came. The token depends on logits,
 * parameters, history and position alone. Not thread-safe: it owns scratch memory for one vocabulary (20 bytes per
 * token), and for one n-gram.
 */
public final class Sampler {
    private final int vocabulary;
    private final float[] scores;
    private final long[] likeliest = new long[SamplingParameters.MAXIMAL_TOP_LOGPROBS];
    private final TokenDistribution distribution;
    private final RepeatedNgrams repeatedNgrams = new RepeatedNgrams();

    /** @param vocabulary number of logits in a row, at least 1 */
    public Sampler(int vocabulary) {
        if (vocabulary < 1) {
            throw new IllegalArgumentException("a vocabulary of " + vocabulary + " tokens can't be sampled from");
        }
        this.vocabulary = vocabulary;
        this.scores = new float[vocabulary];
        this.distribution = new TokenDistribution(vocabulary);
    }

    /** Number of logits in a row. */
    public int vocabulary() {
        return vocabulary;
    }

    /**
     * Draws the token for a position of the sequence.
     *
     * @param logits float32 [vocabulary], native memory; not changed
     * @param history the tokens before that position; not changed
     * @param position where the drawn token will stand; with the seed it determines the random number
     * @throws InvalidLogitsException if a logit is NaN or positive infinity, or all are negative infinity
     * @throws NoTokenLeftException if every token would repeat an n-gram
     */
    public SampledToken sample(
            MemorySegment logits, SamplingParameters parameters, TokenHistory history, long position) {
        load(logits);
        float normalizer = Softmax.logSumExp(logits, vocabulary);
        List<TokenLogprob> alternatives = alternatives(parameters.topLogprobs(), normalizer);
        fillDistribution(parameters, history);
        // The greedy distribution has one token, so any number draws it.
        double uniform = parameters.isGreedy() ? 0 : CounterRandom.uniform(parameters.seed(), position);
        int id = distribution.draw(uniform);
        return new SampledToken(id, logits.getAtIndex(ValueLayout.JAVA_FLOAT, id) - normalizer, alternatives);
    }

    /**
     * The probabilities [vocabulary] from which {@link #sample} draws; 0 for tokens that truncation dropped.
     *
     * @param logits float32 [vocabulary]; not changed
     * @throws InvalidLogitsException as {@link #sample} does
     * @throws NoTokenLeftException as {@link #sample} does
     */
    public float[] probabilities(MemorySegment logits, SamplingParameters parameters, TokenHistory history) {
        load(logits);
        fillDistribution(parameters, history);
        float[] probabilities = new float[vocabulary];
        distribution.writeProbabilities(probabilities);
        return probabilities;
    }

    private void load(MemorySegment logits) {
        long expected = (long) vocabulary * Float.BYTES;
        if (logits.byteSize() < expected) {
            throw new IllegalArgumentException("logits have " + logits.byteSize() + " bytes but a vocabulary of "
                    + vocabulary + " needs " + expected);
        }
        MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, scores, 0, vocabulary);
        boolean anyFinite = false;
        for (int id = 0; id < vocabulary; id++) {
            // False for NaN and for positive infinity.
            if (!(scores[id] <= Float.MAX_VALUE)) {
                throw new InvalidLogitsException("the logit of token " + id + " is " + scores[id]
                        + " but must be a number or negative infinity");
            }
            anyFinite |= scores[id] > Float.NEGATIVE_INFINITY;
        }
        if (!anyFinite) {
            throw new InvalidLogitsException("all " + vocabulary + " logits are negative infinity: no token is left");
        }
    }

    private List<TokenLogprob> alternatives(int wanted, float normalizer) {
        int count = Math.min(wanted, vocabulary);
        if (count == 0) {
            return List.of();
        }
        Ranking.best(scores, vocabulary, count, likeliest);
        List<TokenLogprob> alternatives = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int id = Ranking.id(likeliest[index]);
            alternatives.add(new TokenLogprob(id, scores[id] - normalizer));
        }
        return alternatives;
    }

    private void fillDistribution(SamplingParameters parameters, TokenHistory history) {
        penalize(parameters.penalties(), history);
        ruleOutRepeatedNgrams(parameters.penalties().noRepeatNgramSize(), history);
        distribution.fill(scores, parameters);
    }

    private void penalize(Penalties penalties, TokenHistory history) {
        if (!penalties.changeLogits()) {
            return;
        }
        float repetition = penalties.repetition();
        for (int index = 0; index < history.distinctTokens(); index++) {
            int id = history.id(index);
            float score = scores[id];
            if (score == Float.NEGATIVE_INFINITY) {
                continue;
            }
            score = score < 0 ? score * repetition : score / repetition;
            int generated = history.generatedCount(index);
            if (generated > 0) {
                score = score - penalties.frequency() * generated - penalties.presence();
            }
            // An extreme penalty must not make an infinity, whose difference from another one is no number.
            scores[id] = Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
    }

    private void ruleOutRepeatedNgrams(int size, TokenHistory history) {
        if (size == 0) {
            return;
        }
        repeatedNgrams.ruleOut(history, size, scores);
        if (scores[TokenDistribution.argmax(scores)] == Float.NEGATIVE_INFINITY) {
            throw new NoTokenLeftException(size, history.tokens());
        }
    }
}
