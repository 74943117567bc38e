package io.tributary.models.architecture;

import io.tributary.kernels.Gelu;

/**
 * {@code down(gelu(up(x)))}, the network of BERT and most encoders.
 *
 * @param hidden outputs of up
 * @param form of the activation
 * @param biases whether up and down have biases
 */
public record GeluFeedForward(int hidden, Gelu form, boolean biases) implements FeedForward {}
