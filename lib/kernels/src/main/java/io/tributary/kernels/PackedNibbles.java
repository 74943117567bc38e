package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.PanelTiles.PANEL_STEP;
import static io.tributary.kernels.RowMajorWeights.INT;
import static io.tributary.kernels.RowMajorWeights.LONG;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0, Q4_1 and Q4_K weights; a strip is [inputs / 8][16 rows] ints of eight nibbles as they are stored, the first input in
 * the lowest nibble.
 *
 * <p>A nibble q at bit p of an int, put into the fraction of a float of the exponent 23 - p, is the float 2^(23 - p) + q, which
 * needs neither a conversion nor a table.
 */
final class PackedNibbles implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;
    /** Weights in an int. */
    static final int NIBBLES = 8;
    /** Ints of a quantisation block. */
    static final int WORDS = QUANTS / NIBBLES;
    /** Quantisation blocks of a chain. */
    static final int CHAIN_BLOCKS = WorkerScratch.CHAIN_INPUTS / QUANTS;

    /** The lowest nibble of an int, and the float whose lowest bit of the fraction counts ones. */
    static final int MASK0 = 0x000f;

    static final float ONE0 = 0x1p23f;
    static final int BITS0 = Float.floatToRawIntBits(ONE0);

    private final WeightType type;
    private final QuantScales scales;

    /** @param type Q4_0, Q4_1 or Q4_K */
    PackedNibbles(WeightType type) {
        this.type = type;
        this.scales = QuantScales.of(type);
    }

    @Override
    public QuantScales scales() {
        return scales;
    }

    @Override
    public long quantBytes(int inputs) {
        return inputs / NIBBLES * STRIP_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long place = NativeMemory.address(target, offset, quantBytes(inputs));
        for (int row = 0; row < STRIP_ROWS; row++) {
            long stored = source.address(firstRow + row, firstInput);
            for (int block = 0; block < inputs / QUANTS; block++) {
                long words = place + (long) block * WORDS * STRIP_BYTES + (long) row * Integer.BYTES;
                if (type == WeightType.Q4_K) {
                    packHalfBytes(stored + 16 + (long) (block / 2) * QUANTS, block % 2 * 4, words);
                } else {
                    packBlock(stored + (long) (block + 1) * type.blockBytes() - QUANTS / 2, words);
                }
            }
        }
    }

    /** Packs 32 weights of a row. Rows beyond the matrix, whose scales are zero, repeat its last row. */
    private static void packBlock(long quants, long place) {
        long first = ALL.get(LONG, quants);
        long second = ALL.get(LONG, quants + Long.BYTES);
        // The low nibbles of a stored block are its first half.
        ALL.set(INT, place, gather(first));
        ALL.set(INT, place + STRIP_BYTES, gather(second));
        ALL.set(INT, place + 2 * STRIP_BYTES, gather(first >>> 4));
        ALL.set(INT, place + 3 * STRIP_BYTES, gather(second >>> 4));
    }

    /** Packs 32 weights that are the lower or the upper halves of 32 bytes. */
    private static void packHalfBytes(long quants, int shift, long place) {
        for (int word = 0; word < WORDS; word++) {
            long bytes = ALL.get(LONG, quants + (long) word * Long.BYTES);
            ALL.set(INT, place + word * STRIP_BYTES, gather(bytes >>> shift));
        }
    }

    /** Packs the low nibbles of eight bytes. */
    private static int gather(long bytes) {
        return (int) Long.compress(bytes, 0x0f0f0f0f0f0f0f0fL);
    }

    @Override
    public void multiply(KernelOperands operands, int column) {
        if (type == WeightType.Q4_0) {
            NibbleProducts.multiplyCentred(operands, column);
        } else {
            NibbleProducts.multiply(operands, column);
        }
    }

    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        long scales = place(operands.scales + (long) column * Float.BYTES);
        long minimums = place(operands.minimums + (long) column * Float.BYTES);
        int blocks = operands.inputs / QUANTS;
        for (int first = 0; first < blocks; first += CHAIN_BLOCKS) {
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
            int end = Math.min(blocks, first + CHAIN_BLOCKS);
            for (int block = first; block < end; block++) {
                long scale = scales + block * ROW_BYTES;
                long minimum = minimums + block * ROW_BYTES;
                FloatVector scaleA = FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE);
                FloatVector scaleB = FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE);
                FloatVector scaleC = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE);
                FloatVector scaleD = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE);
                FloatVector minimumA = FloatVector.fromMemorySegment(FLOATS, ALL, minimum, LITTLE);
                FloatVector minimumB = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + VECTOR_BYTES, LITTLE);
                FloatVector minimumC = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + 2 * VECTOR_BYTES, LITTLE);
                FloatVector minimumD = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + 3 * VECTOR_BYTES, LITTLE);
                for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                    long row = word * STRIP_BYTES;
                    IntVector bits0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE);
                    IntVector bits1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE);
                    IntVector bits2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE);
                    IntVector bits3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE);
                    for (int i = 0; i < NIBBLES; i++) {
                        long place = x0 + ((long) word * NIBBLES + i) * ActivationTiles.STEP;
                        FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                        FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                        FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
                        FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
                        FloatVector wa = bits0.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(scaleA, minimumA);
                        bits0 = bits0.lanewise(VectorOperators.LSHR, 4);
                        a0 = wa.fma(v0, a0);
                        a1 = wa.fma(v1, a1);
                        a2 = wa.fma(v2, a2);
                        a3 = wa.fma(v3, a3);
                        FloatVector wb = bits1.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(scaleB, minimumB);
                        bits1 = bits1.lanewise(VectorOperators.LSHR, 4);
                        b0 = wb.fma(v0, b0);
                        b1 = wb.fma(v1, b1);
                        b2 = wb.fma(v2, b2);
                        b3 = wb.fma(v3, b3);
                        FloatVector wc = bits2.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(scaleC, minimumC);
                        bits2 = bits2.lanewise(VectorOperators.LSHR, 4);
                        c0 = wc.fma(v0, c0);
                        c1 = wc.fma(v1, c1);
                        c2 = wc.fma(v2, c2);
                        c3 = wc.fma(v3, c3);
                        FloatVector wd = bits3.and(MASK0)
                                .or(BITS0)
                                .reinterpretAsFloats()
                                .sub(ONE0)
                                .fma(scaleD, minimumD);
                        bits3 = bits3.lanewise(VectorOperators.LSHR, 4);
                        d0 = wd.fma(v0, d0);
                        d1 = wd.fma(v1, d1);
                        d2 = wd.fma(v2, d2);
                        d3 = wd.fma(v3, d3);
                    }
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

    @Override
    public void widen(KernelOperands operands, int column) {
        long source = place(operands.strip(column, Integer.BYTES));
        long target = place(operands.widened(column));
        long scales = place(operands.scales + (long) column * Float.BYTES);
        long minimums = place(operands.minimums + (long) column * Float.BYTES);
        int words = operands.inputs / NIBBLES;
        for (int word = 0; word < words; word++) {
            IntVector bits = IntVector.fromMemorySegment(INTS, ALL, source + word * STRIP_BYTES, LITTLE);
            long shift = word / WORDS * ROW_BYTES;
            FloatVector scale = FloatVector.fromMemorySegment(FLOATS, ALL, scales + shift, LITTLE);
            FloatVector minimum = FloatVector.fromMemorySegment(FLOATS, ALL, minimums + shift, LITTLE);
            for (int i = 0; i < NIBBLES; i++) {
                bits.and(MASK0)
                        .or(BITS0)
                        .reinterpretAsFloats()
                        .sub(ONE0)
                        .fma(scale, minimum)
                        .intoMemorySegment(ALL, target + ((long) word * NIBBLES + i) * PANEL_STEP, LITTLE);
                bits = bits.lanewise(VectorOperators.LSHR, 4);
            }
        }
    }
}
