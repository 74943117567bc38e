package io.tributary.models.architecture;

/**
 * {@code x / sqrt(mean(x²) + epsilon) · weight} (Zhang, Sennrich: "Root mean square layer normalization", 2019).
 *
 * @param epsilon above 0
 */
public record RmsNormalization(float epsilon) implements Normalization {}
