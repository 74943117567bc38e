package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.PackedNibbles.NIBBLES;
import static io.tributary.kernels.PackedNibbles.TOP;
import static io.tributary.kernels.PackedNibbles.WORDS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The kernels of {@link PackedNibbles} for narrower vectors, which shift a nibble to the sign and back. */
final class NibblesByShift {
    private static final int QUANTS = BlockScales.QUANTS;

    private NibblesByShift() {}

    /** As {@link PackedFormat#multiply}, for four vectors of rows from a column on; the scales are widened. */
    static void multiply(KernelOperands operands, int column) {
        long weights = place(operands.quants + (long) column * Integer.BYTES);
        long scales = place(operands.scratch + WorkerScratch.SCALES + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int blocks = operands.inputs / QUANTS;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int block = 0; block < blocks; block++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                long row = weights + word * ROW_BYTES;
                IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, row, LITTLE);
                IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, row + VECTOR_BYTES, LITTLE);
                IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, row + 2 * VECTOR_BYTES, LITTLE);
                IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, row + 3 * VECTOR_BYTES, LITTLE);
                for (int i = 0; i < NIBBLES; i++) {
                    long place = x0 + ((long) word * NIBBLES + i) * Float.BYTES;
                    FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                    a0 = ((FloatVector) b0.lanewise(VectorOperators.LSHL, TOP)
                                    .lanewise(VectorOperators.ASHR, TOP)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a0);
                    a1 = ((FloatVector) b1.lanewise(VectorOperators.LSHL, TOP)
                                    .lanewise(VectorOperators.ASHR, TOP)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a1);
                    a2 = ((FloatVector) b2.lanewise(VectorOperators.LSHL, TOP)
                                    .lanewise(VectorOperators.ASHR, TOP)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a2);
                    a3 = ((FloatVector) b3.lanewise(VectorOperators.LSHL, TOP)
                                    .lanewise(VectorOperators.ASHR, TOP)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a3);
                    b0 = b0.lanewise(VectorOperators.LSHR, 4);
                    b1 = b1.lanewise(VectorOperators.LSHR, 4);
                    b2 = b2.lanewise(VectorOperators.LSHR, 4);
                    b3 = b3.lanewise(VectorOperators.LSHR, 4);
                }
            }
            long scale = scales + block * ROW_BYTES;
            t0 = a0.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE), t0);
            t1 = a1.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE), t1);
            t2 = a2.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE), t2);
            t3 = a3.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE), t3);
        }
        t0.intoMemorySegment(ALL, totals, LITTLE);
        t1.intoMemorySegment(ALL, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    /** As {@link PackedFormat#multiplyTile}. */
    static void multiplyTile(KernelOperands operands, long x, int column) {
        long weights = place(operands.quants + (long) column * Integer.BYTES);
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        int blocks = operands.inputs / QUANTS;
        for (int block = 0; block < blocks; block++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector c0 = FloatVector.zero(FLOATS);
            FloatVector d0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector b1 = FloatVector.zero(FLOATS);
            FloatVector c1 = FloatVector.zero(FLOATS);
            FloatVector d1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector b2 = FloatVector.zero(FLOATS);
            FloatVector c2 = FloatVector.zero(FLOATS);
            FloatVector d2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            FloatVector b3 = FloatVector.zero(FLOATS);
            FloatVector c3 = FloatVector.zero(FLOATS);
            FloatVector d3 = FloatVector.zero(FLOATS);
            for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                long row = weights + word * ROW_BYTES;
                IntVector bits0 = IntVector.fromMemorySegment(INTS, ALL, row, LITTLE);
                IntVector bits1 = IntVector.fromMemorySegment(INTS, ALL, row + VECTOR_BYTES, LITTLE);
                IntVector bits2 = IntVector.fromMemorySegment(INTS, ALL, row + 2 * VECTOR_BYTES, LITTLE);
                IntVector bits3 = IntVector.fromMemorySegment(INTS, ALL, row + 3 * VECTOR_BYTES, LITTLE);
                for (int i = 0; i < NIBBLES; i++) {
                    long place = x0 + ((long) word * NIBBLES + i) * ActivationTiles.STEP;
                    FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                    FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                    FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
                    FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
                    FloatVector wa = ((FloatVector) bits0.lanewise(VectorOperators.LSHL, TOP)
                            .lanewise(VectorOperators.ASHR, TOP)
                            .convertShape(VectorOperators.I2F, FLOATS, 0));
                    bits0 = bits0.lanewise(VectorOperators.LSHR, 4);
                    a0 = wa.fma(v0, a0);
                    a1 = wa.fma(v1, a1);
                    a2 = wa.fma(v2, a2);
                    a3 = wa.fma(v3, a3);
                    FloatVector wb = ((FloatVector) bits1.lanewise(VectorOperators.LSHL, TOP)
                            .lanewise(VectorOperators.ASHR, TOP)
                            .convertShape(VectorOperators.I2F, FLOATS, 0));
                    bits1 = bits1.lanewise(VectorOperators.LSHR, 4);
                    b0 = wb.fma(v0, b0);
                    b1 = wb.fma(v1, b1);
                    b2 = wb.fma(v2, b2);
                    b3 = wb.fma(v3, b3);
                    FloatVector wc = ((FloatVector) bits2.lanewise(VectorOperators.LSHL, TOP)
                            .lanewise(VectorOperators.ASHR, TOP)
                            .convertShape(VectorOperators.I2F, FLOATS, 0));
                    bits2 = bits2.lanewise(VectorOperators.LSHR, 4);
                    c0 = wc.fma(v0, c0);
                    c1 = wc.fma(v1, c1);
                    c2 = wc.fma(v2, c2);
                    c3 = wc.fma(v3, c3);
                    FloatVector wd = ((FloatVector) bits3.lanewise(VectorOperators.LSHL, TOP)
                            .lanewise(VectorOperators.ASHR, TOP)
                            .convertShape(VectorOperators.I2F, FLOATS, 0));
                    bits3 = bits3.lanewise(VectorOperators.LSHR, 4);
                    d0 = wd.fma(v0, d0);
                    d1 = wd.fma(v1, d1);
                    d2 = wd.fma(v2, d2);
                    d3 = wd.fma(v3, d3);
                }
            }
            a0.intoMemorySegment(ALL, sums, LITTLE);
            b0.intoMemorySegment(ALL, sums + VECTOR_BYTES, LITTLE);
            c0.intoMemorySegment(ALL, sums + 2 * VECTOR_BYTES, LITTLE);
            d0.intoMemorySegment(ALL, sums + 3 * VECTOR_BYTES, LITTLE);
            a1.intoMemorySegment(ALL, sums + ROW_BYTES, LITTLE);
            b1.intoMemorySegment(ALL, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            c1.intoMemorySegment(ALL, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d1.intoMemorySegment(ALL, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            a2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES, LITTLE);
            b2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            c2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            a3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES, LITTLE);
            b3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            c3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }
}
