package io.tributary.models.architecture;

/**
 * Causal softmax attention with grouped queries: query head h reads key/value head {@code h · keyValueHeads / heads};
 * scores are scaled by {@code 1 / sqrt(headSize)}.
 *
 * @param heads query heads, a multiple of keyValueHeads
 * @param keyValueHeads key/value heads
 * @param headSize elements of a head, even
 * @param biases which projections have biases
 * @param normalization how queries and keys are normalised before that
 * @param position how queries and keys are rotated
 */
public record CausalAttention(
        int heads,
        int keyValueHeads,
        int headSize,
        AttentionBiases biases,
        QueryKeyNormalization normalization,
        RotaryPosition position)
        implements TokenMixing {

    /** Elements of a row of queries. */
    public int queryWidth() {
        return heads * headSize;
    }

    /** Elements of a row of keys, and of a row of values. */
    public int keyValueWidth() {
        return keyValueHeads * headSize;
    }
}
