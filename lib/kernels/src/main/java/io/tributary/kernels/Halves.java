package io.tributary.kernels;

import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.SHORTS;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Makes float32 of finite halves.
 *
 * <p>The magnitude of a half, moved to the place of a float's fraction and exponent, needs 112 added to its exponent if the half
 * is normal. If it is subnormal, 113 make it 2^-14 too much. The right one of the two is the smaller one in either case, also
 * as an int. A multiplication by 2^112 would be shorter, but some processors take a hundred times as long for one with a
 * subnormal float. Infinity and NaN would need their own treatment.
 */
final class Halves {
    /** Moves a half's exponent and fraction to the place of a float's. */
    static final int SHIFT = 13;

    /** A half's exponent and fraction, at the place of a float's. */
    static final int MAGNITUDE = 0x0fffe000;

    static final int SIGN = 0x80000000;
    /** What makes a float of a normal half. */
    static final int NORMAL = 112 << 23;
    /** What makes a float of a subnormal half that is the least normal one too large. */
    static final int SUBNORMAL = 113 << 23;

    static final float LEAST_NORMAL = 0x1p-14f;

    private Halves() {}

    /** Writes halves as floats; count is a multiple of a vector's lanes. */
    static void widen(long source, long target, int count) {
        long from = place(source);
        long to = place(target);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector bits =
                    (IntVector) ShortVector.fromMemorySegment(SHORTS, ALL, from + (long) i * Short.BYTES, LITTLE)
                            .convertShape(VectorOperators.S2I, INTS, 0);
            IntVector magnitude = bits.lanewise(VectorOperators.LSHL, SHIFT).and(MAGNITUDE);
            magnitude
                    .add(SUBNORMAL)
                    .reinterpretAsFloats()
                    .sub(LEAST_NORMAL)
                    .reinterpretAsInts()
                    .min(magnitude.add(NORMAL))
                    .or(bits.and(SIGN))
                    .intoMemorySegment(ALL, to + (long) i * Float.BYTES, LITTLE);
        }
    }
}
