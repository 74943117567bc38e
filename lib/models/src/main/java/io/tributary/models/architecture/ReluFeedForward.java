package io.tributary.models.architecture;

/**
 * {@code down(max(0, up(x)))}, the network of the original Transformer and of the experts of Switch Transformers.
 *
 * @param hidden outputs of up
 * @param biases whether up and down have biases
 */
public record ReluFeedForward(int hidden, boolean biases) implements FeedForward {}
