package io.tributary.models.sampling;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws tokens from logits, always in this order: logit biases; tokens that are not allowed are ruled out; repetition,
 * frequency and presence penalty; tokens that would repeat an n-gram are ruled out; temperature; top-k; top-p; min-p;
 * typical-p; epsilon cutoff; the draw. From the penalties on it is the order of Hugging Face transformers.
 * Log-probabilities are those of the logits as they came. The token depends on logits, parameters, history, allowed tokens and position alone. Not
 * thread-safe: it owns scratch memory for one vocabulary (20 bytes per token), and for one n-gram.
 */
public final class Sampler {
    private final LogitsRow row;
    private final TokenDistribution distribution;
    private final RepeatedNgrams repeatedNgrams = new RepeatedNgrams();

    /** @param vocabulary number of logits in a row, at least 1 */
    public Sampler(int vocabulary) {
        this.row = new LogitsRow(vocabulary);
        this.distribution = new TokenDistribution(vocabulary);
    }

    /** Number of logits in a row. */
    public int vocabulary() {
        return row.vocabulary();
    }

    /**
     * Draws the token for a position of the sequence, of all tokens.
     *
     * @see #sample(MemorySegment, SamplingParameters, TokenHistory, long, long[])
     */
    public SampledToken sample(
            MemorySegment logits, SamplingParameters parameters, TokenHistory history, long position) {
        return sample(logits, parameters, history, position, null);
    }

    /**
     * Draws the token for a position of the sequence.
     *
     * @param logits float32 [vocabulary], native memory; not changed
     * @param history the tokens before that position; not changed
     * @param position where the drawn token will stand; with the seed it determines the random number
     * @param allowed bit i % 64 of word i / 64 says whether token i can be drawn; null for all; not changed
     * @throws InvalidLogitsException if a logit is NaN or positive infinity, or all are negative infinity
     * @throws InvalidParameterException if a bias is for a token that the vocabulary does not have
     * @throws NoTokenLeftException if no token is allowed, or every one that is would repeat an n-gram
     */
    public SampledToken sample(
            MemorySegment logits,
            SamplingParameters parameters,
            TokenHistory history,
            long position,
            long @Nullable [] allowed) {
        row.load(logits);
        List<TokenLogprob> alternatives = row.likeliest(parameters.topLogprobs());
        fillDistribution(parameters, history, allowed);
        // The greedy distribution has one token, so any number draws it.
        double uniform = parameters.isGreedy() ? 0 : CounterRandom.uniform(parameters.seed(), position);
        int id = distribution.draw(uniform);
        return new SampledToken(id, logits.getAtIndex(ValueLayout.JAVA_FLOAT, id) - row.normalizer(), alternatives);
    }

    /**
     * The probabilities [vocabulary] of all tokens.
     *
     * @see #probabilities(MemorySegment, SamplingParameters, TokenHistory, long[])
     */
    public float[] probabilities(MemorySegment logits, SamplingParameters parameters, TokenHistory history) {
        return probabilities(logits, parameters, history, null);
    }

    /**
     * The probabilities [vocabulary] from which {@link #sample} draws; 0 for tokens that truncation dropped.
     *
     * @param logits float32 [vocabulary]; not changed
     * @param allowed as {@link #sample} takes it
     * @throws InvalidLogitsException as {@link #sample} does
     * @throws NoTokenLeftException as {@link #sample} does
     */
    public float[] probabilities(
            MemorySegment logits, SamplingParameters parameters, TokenHistory history, long @Nullable [] allowed) {
        row.load(logits);
        fillDistribution(parameters, history, allowed);
        float[] probabilities = new float[row.vocabulary()];
        distribution.writeProbabilities(probabilities);
        return probabilities;
    }

    private void fillDistribution(SamplingParameters parameters, TokenHistory history, long @Nullable [] allowed) {
        float[] scores = row.scores();
        addBiases(parameters, scores);
        if (allowed != null) {
            ruleOutOthers(allowed, scores, history);
        }
        penalize(parameters.penalties(), history, scores);
        ruleOutRepeatedNgrams(parameters.penalties().noRepeatNgramSize(), history, scores, allowed != null);
        distribution.fill(scores, parameters);
    }

    private void addBiases(SamplingParameters parameters, float[] scores) {
        parameters.requireTokensOf(scores.length);
        List<LogitBias> biases = parameters.logitBiases();
        for (int index = 0; index < biases.size(); index++) {
            LogitBias bias = biases.get(index);
            float score = scores[bias.tokenId()];
            if (score > Float.NEGATIVE_INFINITY) {
                scores[bias.tokenId()] = finite(score + bias.bias());
            }
        }
    }

    private static void ruleOutOthers(long[] allowed, float[] scores, TokenHistory history) {
        if (allowed.length < Math.ceilDiv(scores.length, Long.SIZE)) {
            throw new IllegalArgumentException("a mask of " + allowed.length + " words does not cover a vocabulary of "
                    + scores.length + " tokens");
        }
        for (int first = 0; first < scores.length; first += Long.SIZE) {
            int end = Math.min(first + Long.SIZE, scores.length);
            ruleOutOthers(allowed[first / Long.SIZE], scores, first, end);
        }
        if (noneLeft(scores)) {
            throw NoTokenLeftException.byConstraint(scores.length, history.tokens());
        }
    }

    private static void ruleOutOthers(long allowed, float[] scores, int first, int end) {
        if (allowed == 0) {
            Arrays.fill(scores, first, end, Float.NEGATIVE_INFINITY);
        } else if (allowed != -1) {
            for (int id = first; id < end; id++) {
                if ((allowed >>> id & 1) == 0) {
                    scores[id] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    private static boolean noneLeft(float[] scores) {
        return scores[TokenDistribution.argmax(scores)] == Float.NEGATIVE_INFINITY;
    }

    private void penalize(Penalties penalties, TokenHistory history, float[] scores) {
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
            scores[id] = finite(score);
        }
    }

    /** An extreme change must not make an infinity, whose difference from another one is no number. */
    private static float finite(float score) {
        return Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    private void ruleOutRepeatedNgrams(int size, TokenHistory history, float[] scores, boolean constrained) {
        if (size == 0) {
            return;
        }
        repeatedNgrams.ruleOut(history, size, scores);
        if (noneLeft(scores)) {
            throw NoTokenLeftException.byNgrams(size, constrained, history.tokens());
        }
    }
}
