package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.PackedFormat.STRIP_BYTES;
import static io.tributary.kernels.PackedNibbles.BITS0;
import static io.tributary.kernels.PackedNibbles.CHAIN_BLOCKS;
import static io.tributary.kernels.PackedNibbles.MASK0;
import static io.tributary.kernels.PackedNibbles.NIBBLES;
import static io.tributary.kernels.PackedNibbles.ONE0;
import static io.tributary.kernels.PackedNibbles.WORDS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The kernels of {@link PackedNibbles} for one token. */
final class NibbleProducts {
    private static final int QUANTS = BlockScales.QUANTS;
    private static final int PAIRS = NIBBLES / 2;

    private static final int MASK1 = 0x00f0;
    private static final float ONE1 = 0x1p19f;
    private static final int BITS1 = Float.floatToRawIntBits(ONE1);

    /** Where the rotation begins that brings nibble by nibble to bits 16 to 19. */
    private static final int FIRST = 16;

    private static final int HIGH_MASK = 0x000f0000;
    private static final int HIGH_BITS = Float.floatToRawIntBits(0x1p7f);
    /** Makes of a minimum for q, which is -8 scales, the one for 2^7 + q. */
    private static final float MINIMUMS = (0x1p7f + 8) / 8;

    private NibbleProducts() {}

    /** As {@link PackedFormat#multiply}. */
    static void multiply(KernelOperands operands, int column) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long scales = place(operands.scales + (long) column * Float.BYTES);
        long minimums = place(operands.minimums + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int blocks = operands.inputs / QUANTS;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < blocks; first += CHAIN_BLOCKS) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            int end = Math.min(blocks, first + CHAIN_BLOCKS);
            for (int block = first; block < end; block++) {
                long scale = scales + block * ROW_BYTES;
                long minimum = minimums + block * ROW_BYTES;
                FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE);
                FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE);
                FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE);
                FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE);
                FloatVector m0 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum, LITTLE);
                FloatVector m1 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + VECTOR_BYTES, LITTLE);
                FloatVector m2 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + 2 * VECTOR_BYTES, LITTLE);
                FloatVector m3 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + 3 * VECTOR_BYTES, LITTLE);
                for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                    long row = word * STRIP_BYTES;
                    IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE);
                    IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE);
                    IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE);
                    IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE);
                    for (int pair = 0; pair < PAIRS; pair++) {
                        long place = x0 + (4L * word + pair) * 2 * Float.BYTES;
                        FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                        a0 = b0.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(d0, m0)
                                .fma(v0, a0);
                        a1 = b1.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(d1, m1)
                                .fma(v0, a1);
                        a2 = b2.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(d2, m2)
                                .fma(v0, a2);
                        a3 = b3.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(d3, m3)
                                .fma(v0, a3);
                        FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                        a0 = b0.and(MASK1)
                                .or(BITS1)
                                .reinterpretAsFloats()
                                .sub(ONE1)
                                .fma(d0, m0)
                                .fma(v1, a0);
                        a1 = b1.and(MASK1)
                                .or(BITS1)
                                .reinterpretAsFloats()
                                .sub(ONE1)
                                .fma(d1, m1)
                                .fma(v1, a1);
                        a2 = b2.and(MASK1)
                                .or(BITS1)
                                .reinterpretAsFloats()
                                .sub(ONE1)
                                .fma(d2, m2)
                                .fma(v1, a2);
                        a3 = b3.and(MASK1)
                                .or(BITS1)
                                .reinterpretAsFloats()
                                .sub(ONE1)
                                .fma(d3, m3)
                                .fma(v1, a3);
                        b0 = b0.lanewise(VectorOperators.LSHR, Byte.SIZE);
                        b1 = b1.lanewise(VectorOperators.LSHR, Byte.SIZE);
                        b2 = b2.lanewise(VectorOperators.LSHR, Byte.SIZE);
                        b3 = b3.lanewise(VectorOperators.LSHR, Byte.SIZE);
                    }
                }
            }
            t0 = t0.add(a0);
            t1 = t1.add(a1);
            t2 = t2.add(a2);
            t3 = t3.add(a3);
        }
        t0.intoMemorySegment(ALL, totals, LITTLE);
        t1.intoMemorySegment(ALL, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    /**
     * As {@link PackedFormat#multiply}, for minimums of -8 scales: 2^7 scales less are exact, too, which saves subtracting 2^7
     * from the float 2^7 + q.
     */
    static void multiplyCentred(KernelOperands operands, int column) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long scales = place(operands.scales + (long) column * Float.BYTES);
        long minimums = place(operands.minimums + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int blocks = operands.inputs / QUANTS;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < blocks; first += CHAIN_BLOCKS) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            int end = Math.min(blocks, first + CHAIN_BLOCKS);
            for (int block = first; block < end; block++) {
                long scale = scales + block * ROW_BYTES;
                long minimum = minimums + block * ROW_BYTES;
                FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE);
                FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE);
                FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE);
                FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE);
                FloatVector m0 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum, LITTLE)
                        .mul(MINIMUMS);
                FloatVector m1 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + VECTOR_BYTES, LITTLE)
                        .mul(MINIMUMS);
                FloatVector m2 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + 2 * VECTOR_BYTES, LITTLE)
                        .mul(MINIMUMS);
                FloatVector m3 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + 3 * VECTOR_BYTES, LITTLE)
                        .mul(MINIMUMS);
                for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                    long row = word * STRIP_BYTES;
                    IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE)
                            .lanewise(VectorOperators.ROR, FIRST);
                    IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE)
                            .lanewise(VectorOperators.ROR, FIRST);
                    IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE)
                            .lanewise(VectorOperators.ROR, FIRST);
                    IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE)
                            .lanewise(VectorOperators.ROR, FIRST);
                    for (int i = 0; i < NIBBLES; i++) {
                        long place = x0 + ((long) word * NIBBLES + i) * Float.BYTES;
                        FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                        a0 = b0.and(HIGH_MASK)
                                .or(HIGH_BITS)
                                .reinterpretAsFloats()
                                .fma(d0, m0)
                                .fma(v, a0);
                        a1 = b1.and(HIGH_MASK)
                                .or(HIGH_BITS)
                                .reinterpretAsFloats()
                                .fma(d1, m1)
                                .fma(v, a1);
                        a2 = b2.and(HIGH_MASK)
                                .or(HIGH_BITS)
                                .reinterpretAsFloats()
                                .fma(d2, m2)
                                .fma(v, a2);
                        a3 = b3.and(HIGH_MASK)
                                .or(HIGH_BITS)
                                .reinterpretAsFloats()
                                .fma(d3, m3)
                                .fma(v, a3);
                        b0 = b0.lanewise(VectorOperators.ROR, 4);
                        b1 = b1.lanewise(VectorOperators.ROR, 4);
                        b2 = b2.lanewise(VectorOperators.ROR, 4);
                        b3 = b3.lanewise(VectorOperators.ROR, 4);
                    }
                }
            }
            t0 = t0.add(a0);
            t1 = t1.add(a1);
            t2 = t2.add(a2);
            t3 = t3.add(a3);
        }
        t0.intoMemorySegment(ALL, totals, LITTLE);
        t1.intoMemorySegment(ALL, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, totals + 3 * VECTOR_BYTES, LITTLE);
    }
}
