package io.tributary.models.sampling;

import io.tributary.kernels.Softmax;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A copy of a row of logits, with its log-probabilities. Reused from row to row: memory for one vocabulary. */
final class LogitsRow {
    private final int vocabulary;
    private final float[] scores;
    private final long[] likeliest = new long[SamplingParameters.MAXIMAL_TOP_LOGPROBS];
    private float normalizer;

    /** @param vocabulary number of logits, at least 1 */
    LogitsRow(int vocabulary) {
        if (vocabulary < 1) {
            throw new IllegalArgumentException("a vocabulary of " + vocabulary + " tokens can't be sampled from");
        }
        this.vocabulary = vocabulary;
        this.scores = new float[vocabulary];
    }

    int vocabulary() {
        return vocabulary;
    }

    /**
     * Copies a row.
     *
     * @param logits float32 [vocabulary], native memory
     * @throws InvalidLogitsException if a logit is NaN or positive infinity, or all are negative infinity
     */
    void load(MemorySegment logits) {
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
        normalizer = Softmax.logSumExp(logits, vocabulary);
    }

    /** Logarithm of the sum of the exponentials of the row that was loaded: a logit less it is a log-probability. */
    float normalizer() {
        return normalizer;
    }

    /** The logits [vocabulary]. Whoever changes them has no use for {@link #likeliest} until the next row. */
    float[] scores() {
        return scores;
    }

    /** The likeliest tokens in falling order, as many as wanted or as there are. */
    List<TokenLogprob> likeliest(int wanted) {
        int count = Math.min(wanted, vocabulary);
        if (count == 0) {
            return List.of();
        }
        Ranking.best(scores, vocabulary, count, likeliest);
        List<TokenLogprob> tokens = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int id = Ranking.id(likeliest[index]);
            tokens.add(new TokenLogprob(id, scores[id] - normalizer));
        }
        return tokens;
    }
}
