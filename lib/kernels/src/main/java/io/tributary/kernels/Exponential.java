package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential function in float32, the same bits for one value and for each lane of a vector.
 *
 * <p>{@code x = n * ln 2 + r} with |r| at most half of ln 2; {@code exp(r)} is a polynomial of degree 6 (coefficients
 * fitted for the least relative error, 4e-9 before rounding), and the power of two is applied in two steps so that
 * results below the normal range round once. The relative error is below 1.2e-7 where the result is a normal number.
 * Results underflow gradually; arguments below -103.97 give 0, arguments above 88.73 give infinity, NaN stays NaN.
 */
public final class Exponential {
    private static final float LOWEST = -104f;
    private static final float HIGHEST = 89f;
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN2_HIGH = 0x1.62e430p-1f;
    private static final float LN2_LOW = -1.9046542e-9f;
    /** Adding it rounds a small float to an integer, which then stands in the low bits. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int ROUNDER_BITS = 0x4b400000;
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;
    private static final float C6 = 0x1.6a226ap-10f;
    private static final float C5 = 0x1.123b04p-7f;
    private static final float C4 = 0x1.5558f8p-5f;
    private static final float C3 = 0x1.555490p-3f;
    private static final float C2 = 0x1.fffffcp-2f;

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

    /**
     * Writes {@code exp(source[i] * factor + summand)} to the target, the argument rounded once; offsets are in bytes. One
     * body on purpose: a vector that crosses a call is boxed wherever the compiler does not inline the call.
     */
    static void apply(
            MemorySegment source, long from, float factor, float summand, MemorySegment target, long to, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector x = FloatVector.fromMemorySegment(Lanes.FLOATS, source, from + offset, Lanes.LITTLE)
                    .fma(FloatVector.broadcast(Lanes.FLOATS, factor), FloatVector.broadcast(Lanes.FLOATS, summand));
            FloatVector bounded = x.blend(LOWEST, x.lt(LOWEST));
            bounded = bounded.blend(HIGHEST, bounded.compare(VectorOperators.GT, HIGHEST));
            FloatVector shifted = bounded.fma(
                    FloatVector.broadcast(Lanes.FLOATS, LOG2_E), FloatVector.broadcast(Lanes.FLOATS, ROUNDER));
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(Lanes.FLOATS, -LN2_HIGH), bounded);
            r = n.fma(FloatVector.broadcast(Lanes.FLOATS, -LN2_LOW), r);
            FloatVector p = r.fma(FloatVector.broadcast(Lanes.FLOATS, C6), FloatVector.broadcast(Lanes.FLOATS, C5));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, C4));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, C3));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, C2));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 1f));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 1f));
            IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            p.mul(half.add(EXPONENT_BIAS)
                            .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                            .reinterpretAsFloats())
                    .mul(rest.add(EXPONENT_BIAS)
                            .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                            .reinterpretAsFloats())
                    .intoMemorySegment(target, to + offset, Lanes.LITTLE);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            target.set(FLOAT, to + offset, exp(Math.fma(source.get(FLOAT, from + offset), factor, summand)));
        }
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + EXPONENT_BIAS) << MANTISSA_BITS);
    }
}
