package io.tributary.models.sampling;

import java.lang.foreign.MemorySegment;

/**
 * Says how likely given tokens are, with the bits that {@link Sampler} reports for tokens that it draws. Not thread-safe: it
 * owns scratch memory for one vocabulary (4 bytes per token).
 */
public final class TokenScorer {
    private final LogitsRow row;

    /** @param vocabulary number of logits in a row, at least 1 */
    public TokenScorer(int vocabulary) {
        row = new LogitsRow(vocabulary);
    }

    /**
     * The score of a token.
     *
     * @param logits float32 [vocabulary] behind the tokens before it, native memory; not changed
     * @param id the token, below the vocabulary
     * @param topLogprobs number of likeliest tokens to report, 0 to {@value SamplingParameters#MAXIMAL_TOP_LOGPROBS}
     * @throws InvalidLogitsException if a logit is NaN or positive infinity, or all are negative infinity
     */
    public TokenScore score(MemorySegment logits, int id, int topLogprobs) {
        row.load(logits);
        return new TokenScore(id, row.scores()[id] - row.normalizer(), row.likeliest(topLogprobs));
    }
}
