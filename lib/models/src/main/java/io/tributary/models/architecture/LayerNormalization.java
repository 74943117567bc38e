package io.tributary.models.architecture;

/**
 * {@code (x - mean(x)) / sqrt(var(x) + epsilon) · weight + bias}, with the variance of the population (Ba, Kiros, Hinton: "Layer
 * normalization", 2016).
 *
 * @param epsilon above 0
 */
public record LayerNormalization(float epsilon) implements Normalization {}
