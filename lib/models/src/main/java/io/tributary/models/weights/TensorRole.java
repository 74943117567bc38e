package io.tributary.models.weights;

/** What a weight does in a decoder. */
public enum TensorRole {
    EMBEDDING,
    FINAL_NORM,
    UNEMBEDDING,
    TOKEN_MIXING_NORM,
    QUERY,
    KEY,
    VALUE,
    ATTENTION_OUTPUT,
    CHANNEL_MIXING_NORM,
    GATE,
    UP,
    DOWN
}
