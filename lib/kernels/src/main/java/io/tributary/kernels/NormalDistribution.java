package io.tributary.kernels;

/**
 * The distribution function Phi of the normal distribution in float32, the same bits for one value and for each lane of a vector.
 *
 * <p>{@code 1 - Phi(z) = (h1 t + ... + h5 t^5) exp(-z^2 / 2)} with {@code t = 1 / (1 + p z)} for z of at least 0 (Abramowitz and
 * Stegun, "Handbook of Mathematical Functions", 26.2.17, the coefficients divided by the root of 2 pi): the error is below 7.5e-8
 * before rounding.
 */
final class NormalDistribution {
    static final float P = 0.2316419f;
    static final float H1 = 0.1274148f;
    static final float H2 = -0.14224836f;
    static final float H3 = 0.7107069f;
    static final float H4 = -0.726576f;
    static final float H5 = 0.5307027f;

    private NormalDistribution() {}

    /**
     * Returns {@code x * Phi(x)}.
     *
     * @param exponential {@code exp(-x^2 / 2)}
     */
    static float normalUnit(float x, float exponential) {
        float magnitude = Math.abs(x);
        float t = 1f / Math.fma(magnitude, P, 1f);
        float p = Math.fma(t, H5, H4);
        p = Math.fma(p, t, H3);
        p = Math.fma(p, t, H2);
        p = Math.fma(p, t, H1);
        float tail = p * t * exponential;
        return (x < 0f ? 0f : x) - magnitude * tail;
    }
}
