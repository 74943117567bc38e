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
    QUERY_NORM,
    KEY_NORM,
    ATTENTION_OUTPUT,
    CHANNEL_MIXING_NORM,
    GATE,
    UP,
    DOWN,
    /** Gives the logits by which experts are chosen [experts, width]. */
    EXPERT_GATING,
    SHARED_EXPERT_GATE,
    SHARED_EXPERT_UP,
    SHARED_EXPERT_DOWN,
    /** Gives the logit of the factor of the shared expert's output [1, width]. */
    SHARED_EXPERT_GATING;

    /** The role in a shared expert of what is GATE, UP or DOWN in the only network of a layer. */
    public TensorRole inSharedExpert() {
        return switch (this) {
            case GATE -> SHARED_EXPERT_GATE;
            case UP -> SHARED_EXPERT_UP;
            case DOWN -> SHARED_EXPERT_DOWN;
            default -> throw new IllegalArgumentException(this + " is no role in a feed-forward network");
        };
    }
}
