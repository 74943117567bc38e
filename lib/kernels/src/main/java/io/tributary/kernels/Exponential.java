package io.tributary.kernels;

/**
 * The exponential function in float32, the same bits for one value and for each lane of a vector.
 *
 * <p>{@code x = n * ln 2 + r} with |r| at most half of ln 2; {@code exp(r)} is a polynomial of degree 6 (coefficients
 * fitted for the least relative error, 4e-9 before rounding), and the power of two is applied in two steps so that
 * results below the normal range round once. The relative error is below 1.2e-7 where the result is a normal number.
 * Results underflow gradually; arguments below -103.97 give 0, arguments above 88.73 give infinity, NaN stays NaN.
 */
public final class Exponential {
    static final float LOWEST = -104f;
    static final float HIGHEST = 89f;
    static final float LOG2_E = 0x1.715476p0f;
    static final float LN2_HIGH = 0x1.62e430p-1f;
    static final float LN2_LOW = -1.9046542e-9f;
    /** Adding it rounds a small float to an integer, which then stands in the low bits. */
    static final float ROUNDER = 0x1.8p23f;

    static final int ROUNDER_BITS = 0x4b400000;
    static final int EXPONENT_BIAS = 127;
    static final int MANTISSA_BITS = 23;
    static final float C6 = 0x1.6a226ap-10f;
    static final float C5 = 0x1.123b04p-7f;
    static final float C4 = 0x1.5558f8p-5f;
    static final float C3 = 0x1.555490p-3f;
    static final float C2 = 0x1.fffffcp-2f;

    private Exponential() {}

    /** Returns e to the power of x. */
    public static float exp(float x) {
        float bounded = x < LOWEST ? LOWEST : x;
        bounded = bounded > HIGHEST ? HIGHEST : bounded;
        float shifted = Math.fma(bounded, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, bounded));
        float p = Math.fma(C6, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + EXPONENT_BIAS) << MANTISSA_BITS);
    }
}
