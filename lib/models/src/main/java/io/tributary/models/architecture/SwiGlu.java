package io.tributary.models.architecture;

/**
 * {@code down(silu(gate(x)) · up(x))} (Shazeer: "GLU variants improve transformer", 2020).
 *
 * @param hidden outputs of gate and up
 * @param biases whether gate, up and down have biases
 */
public record SwiGlu(int hidden, boolean biases) implements FeedForward {}
