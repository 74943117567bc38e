package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.PackedFormat.STRIP_BYTES;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The kernels of {@link PackedBits} for four tokens, as {@link PackedFormat#multiplyTile}. The whole quants of all ints come
 * first, and what the ints have left has a method of its own that continues the chains: together they would be too large for
 * the profiling compiler.
 */
final class BitTiles {
    private BitTiles() {}

    /** Writes the sums of the whole quants of each chain. */
    static void multiplyWords(KernelOperands operands, long x, int column, int bits, int chainInputs, float center) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        int mask = (1 << bits) - 1;
        int quantsOfWord = (Integer.SIZE - PackedBits.LEFT) / bits;
        int words = chainInputs * bits / Integer.SIZE;
        int chains = operands.inputs / chainInputs;
        for (int chain = 0; chain < chains; chain++) {
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
            for (int word = 0; word < words; word++) {
                long row = (chain * words + word) * STRIP_BYTES;
                IntVector bits0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE);
                IntVector bits1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE);
                IntVector bits2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE);
                IntVector bits3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE);
                int first = chain * chainInputs + word * quantsOfWord;
                for (int k = first; k < first + quantsOfWord; k++) {
                    long place = x0 + k * ActivationTiles.STEP;
                    FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                    FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                    FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
                    FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
                    FloatVector wa = bits0.and(mask)
                            .or(PackedBits.ONE)
                            .reinterpretAsFloats()
                            .sub(center);
                    bits0 = bits0.lanewise(VectorOperators.LSHR, bits);
                    a0 = wa.fma(v0, a0);
                    a1 = wa.fma(v1, a1);
                    a2 = wa.fma(v2, a2);
                    a3 = wa.fma(v3, a3);
                    FloatVector wb = bits1.and(mask)
                            .or(PackedBits.ONE)
                            .reinterpretAsFloats()
                            .sub(center);
                    bits1 = bits1.lanewise(VectorOperators.LSHR, bits);
                    b0 = wb.fma(v0, b0);
                    b1 = wb.fma(v1, b1);
                    b2 = wb.fma(v2, b2);
                    b3 = wb.fma(v3, b3);
                    FloatVector wc = bits2.and(mask)
                            .or(PackedBits.ONE)
                            .reinterpretAsFloats()
                            .sub(center);
                    bits2 = bits2.lanewise(VectorOperators.LSHR, bits);
                    c0 = wc.fma(v0, c0);
                    c1 = wc.fma(v1, c1);
                    c2 = wc.fma(v2, c2);
                    c3 = wc.fma(v3, c3);
                    FloatVector wd = bits3.and(mask)
                            .or(PackedBits.ONE)
                            .reinterpretAsFloats()
                            .sub(center);
                    bits3 = bits3.lanewise(VectorOperators.LSHR, bits);
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

    /** Adds the quants that are put together from what the ints of a chain have left to its sums. */
    static void multiplyRest(KernelOperands operands, long x, int column, int bits, int chainInputs, float center) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        int mask = (1 << bits) - 1;
        int quantsOfWord = (Integer.SIZE - PackedBits.LEFT) / bits;
        int words = chainInputs * bits / Integer.SIZE;
        int chains = operands.inputs / chainInputs;
        for (int chain = 0; chain < chains; chain++) {
            IntVector bits0 = IntVector.zero(INTS);
            IntVector bits1 = IntVector.zero(INTS);
            IntVector bits2 = IntVector.zero(INTS);
            IntVector bits3 = IntVector.zero(INTS);
            for (int word = 0; word < words; word++) {
                long row = (chain * words + word) * STRIP_BYTES;
                int shift = PackedBits.LEFT * word;
                bits0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE)
                        .lanewise(VectorOperators.LSHR, Integer.SIZE - PackedBits.LEFT)
                        .lanewise(VectorOperators.LSHL, shift)
                        .or(bits0);
                bits1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE)
                        .lanewise(VectorOperators.LSHR, Integer.SIZE - PackedBits.LEFT)
                        .lanewise(VectorOperators.LSHL, shift)
                        .or(bits1);
                bits2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE)
                        .lanewise(VectorOperators.LSHR, Integer.SIZE - PackedBits.LEFT)
                        .lanewise(VectorOperators.LSHL, shift)
                        .or(bits2);
                bits3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE)
                        .lanewise(VectorOperators.LSHR, Integer.SIZE - PackedBits.LEFT)
                        .lanewise(VectorOperators.LSHL, shift)
                        .or(bits3);
            }
            FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, sums, LITTLE);
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + VECTOR_BYTES, LITTLE);
            FloatVector c0 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + 2 * VECTOR_BYTES, LITTLE);
            FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + 3 * VECTOR_BYTES, LITTLE);
            FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + ROW_BYTES, LITTLE);
            FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            FloatVector c1 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + 2 * ROW_BYTES, LITTLE);
            FloatVector b2 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + 2 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            FloatVector c2 =
                    FloatVector.fromMemorySegment(FLOATS, ALL, sums + 2 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            FloatVector d2 =
                    FloatVector.fromMemorySegment(FLOATS, ALL, sums + 2 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + 3 * ROW_BYTES, LITTLE);
            FloatVector b3 = FloatVector.fromMemorySegment(FLOATS, ALL, sums + 3 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            FloatVector c3 =
                    FloatVector.fromMemorySegment(FLOATS, ALL, sums + 3 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            FloatVector d3 =
                    FloatVector.fromMemorySegment(FLOATS, ALL, sums + 3 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            for (int k = chain * chainInputs + words * quantsOfWord; k < (chain + 1) * chainInputs; k++) {
                long place = x0 + k * ActivationTiles.STEP;
                FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
                FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
                FloatVector wa =
                        bits0.and(mask).or(PackedBits.ONE).reinterpretAsFloats().sub(center);
                bits0 = bits0.lanewise(VectorOperators.LSHR, bits);
                a0 = wa.fma(v0, a0);
                a1 = wa.fma(v1, a1);
                a2 = wa.fma(v2, a2);
                a3 = wa.fma(v3, a3);
                FloatVector wb =
                        bits1.and(mask).or(PackedBits.ONE).reinterpretAsFloats().sub(center);
                bits1 = bits1.lanewise(VectorOperators.LSHR, bits);
                b0 = wb.fma(v0, b0);
                b1 = wb.fma(v1, b1);
                b2 = wb.fma(v2, b2);
                b3 = wb.fma(v3, b3);
                FloatVector wc =
                        bits2.and(mask).or(PackedBits.ONE).reinterpretAsFloats().sub(center);
                bits2 = bits2.lanewise(VectorOperators.LSHR, bits);
                c0 = wc.fma(v0, c0);
                c1 = wc.fma(v1, c1);
                c2 = wc.fma(v2, c2);
                c3 = wc.fma(v3, c3);
                FloatVector wd =
                        bits3.and(mask).or(PackedBits.ONE).reinterpretAsFloats().sub(center);
                bits3 = bits3.lanewise(VectorOperators.LSHR, bits);
                d0 = wd.fma(v0, d0);
                d1 = wd.fma(v1, d1);
                d2 = wd.fma(v2, d2);
                d3 = wd.fma(v3, d3);
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
