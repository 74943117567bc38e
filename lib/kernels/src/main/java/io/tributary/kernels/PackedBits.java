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
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of five bits (Q5_0, Q5_1, Q5_K) and six (Q6_K) at their size; a strip is [scales][words][16 rows] ints.
 *
 * <p>An int has as many whole quants as fit, as they are stored, the first in the lowest bits: six of five bits, five of six
 * bits. The two bits that each int has left, put together, are the last quants of a scale: two of five bits out of the five
 * ints of 32 quants, one of six bits out of the three ints of 16 quants.
 *
 * <p>A quant q in the lowest bits of the fraction of a float of the exponent 23 is the float 2^23 + q.
 */
final class PackedBits implements PackedFormat {
    /** Bits that are left in an int. */
    private static final int LEFT = 2;

    /** The float whose lowest bit of the fraction counts ones. */
    private static final float ONE = 0x1p23f;

    private static final int ONE_BITS = Float.floatToRawIntBits(ONE);

    private final WeightType type;
    private final QuantScales scales;
    private final int bits;
    /** Whole quants of an int. */
    private final int quantsOfWord;
    /** Ints of the quants that share a scale. */
    private final int words;

    /** @param type Q5_0, Q5_1, Q5_K or Q6_K */
    PackedBits(WeightType type) {
        this.type = type;
        this.scales = QuantScales.of(type);
        this.bits = type == WeightType.Q6_K ? 6 : 5;
        this.quantsOfWord = (Integer.SIZE - LEFT) / bits;
        this.words = scales.inputs() * bits / Integer.SIZE;
    }

    @Override
    public QuantScales scales() {
        return scales;
    }

    @Override
    public int packedTokens() {
        return 4;
    }

    @Override
    public long quantBytes(int inputs) {
        return (long) inputs * bits * STRIP_ROWS / Byte.SIZE;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long place = NativeMemory.address(target, offset, quantBytes(inputs));
        long quants = RowScratch.values();
        for (int row = 0; row < STRIP_ROWS; row++) {
            // Rows beyond the matrix, whose scales are zero, repeat its last row.
            long stored = source.address(firstRow + row, firstInput);
            for (int group = 0; group < inputs / scales.inputs(); group++) {
                int first = group * scales.inputs();
                long block = stored + (long) (first / type.blockElements()) * type.blockBytes();
                StoredQuants.read(type, block, first % type.blockElements(), quants);
                packGroup(quants, place + (long) group * words * STRIP_BYTES + (long) row * Integer.BYTES);
            }
        }
    }

    private void packGroup(long quants, long place) {
        int whole = words * quantsOfWord;
        int rest = 0;
        for (int k = whole; k < scales.inputs(); k++) {
            rest |= StoredQuants.get(quants, k) << ((k - whole) * bits);
        }
        for (int word = 0; word < words; word++) {
            int packed = (rest >>> (LEFT * word)) << (Integer.SIZE - LEFT);
            for (int i = 0; i < quantsOfWord; i++) {
                packed |= StoredQuants.get(quants, word * quantsOfWord + i) << (i * bits);
            }
            ALL.set(INT, place + word * STRIP_BYTES, packed);
        }
    }

    @Override
    public void multiply(KernelOperands operands, int column) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long scale = place(operands.scales + (long) column * Float.BYTES);
        long minimum = place(operands.minimums + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int bits = this.bits;
        int mask = (1 << bits) - 1;
        int inputsOfScale = scales.inputs();
        int quantsOfWord = this.quantsOfWord;
        int words = this.words;
        int whole = words * quantsOfWord;
        int groups = operands.inputs / inputsOfScale;
        int groupsOfChain = WorkerScratch.CHAIN_INPUTS / inputsOfScale;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < groups; first += groupsOfChain) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            int end = Math.min(groups, first + groupsOfChain);
            for (int group = first; group < end; group++) {
                long shift = group * ROW_BYTES;
                FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift, LITTLE);
                FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift + VECTOR_BYTES, LITTLE);
                FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift + 2 * VECTOR_BYTES, LITTLE);
                FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift + 3 * VECTOR_BYTES, LITTLE);
                FloatVector m0 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift, LITTLE);
                FloatVector m1 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift + VECTOR_BYTES, LITTLE);
                FloatVector m2 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift + 2 * VECTOR_BYTES, LITTLE);
                FloatVector m3 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift + 3 * VECTOR_BYTES, LITTLE);
                IntVector r0 = IntVector.zero(INTS);
                IntVector r1 = IntVector.zero(INTS);
                IntVector r2 = IntVector.zero(INTS);
                IntVector r3 = IntVector.zero(INTS);
                for (int word = 0; word < words; word++) {
                    long row = (group * words + word) * STRIP_BYTES;
                    IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE);
                    IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE);
                    IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE);
                    IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE);
                    int from = group * inputsOfScale + word * quantsOfWord;
                    for (int k = from; k < from + quantsOfWord; k++) {
                        FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x0 + (long) k * Float.BYTES));
                        a0 = b0.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d0, m0)
                                .fma(v, a0);
                        a1 = b1.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d1, m1)
                                .fma(v, a1);
                        a2 = b2.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d2, m2)
                                .fma(v, a2);
                        a3 = b3.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d3, m3)
                                .fma(v, a3);
                        b0 = b0.lanewise(VectorOperators.LSHR, bits);
                        b1 = b1.lanewise(VectorOperators.LSHR, bits);
                        b2 = b2.lanewise(VectorOperators.LSHR, bits);
                        b3 = b3.lanewise(VectorOperators.LSHR, bits);
                    }
                    r0 = r0.or(b0.lanewise(VectorOperators.LSHL, LEFT * word));
                    r1 = r1.or(b1.lanewise(VectorOperators.LSHL, LEFT * word));
                    r2 = r2.or(b2.lanewise(VectorOperators.LSHL, LEFT * word));
                    r3 = r3.or(b3.lanewise(VectorOperators.LSHL, LEFT * word));
                }
                for (int k = group * inputsOfScale + whole; k < (group + 1) * inputsOfScale; k++) {
                    FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x0 + (long) k * Float.BYTES));
                    a0 = r0.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d0, m0)
                            .fma(v, a0);
                    a1 = r1.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d1, m1)
                            .fma(v, a1);
                    a2 = r2.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d2, m2)
                            .fma(v, a2);
                    a3 = r3.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d3, m3)
                            .fma(v, a3);
                    r0 = r0.lanewise(VectorOperators.LSHR, bits);
                    r1 = r1.lanewise(VectorOperators.LSHR, bits);
                    r2 = r2.lanewise(VectorOperators.LSHR, bits);
                    r3 = r3.lanewise(VectorOperators.LSHR, bits);
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

    /** As {@link PackedFormat#multiplyTile}, two tokens at a time: a larger kernel would be too large for the compiler. */
    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        for (int token = 0; token < operands.tokens; token += 2) {
            long sums = operands.scratch + WorkerScratch.TILE + token * ROW_BYTES;
            multiplyPair(operands, x + (long) token * Float.BYTES, column, sums);
        }
    }

    private void multiplyPair(KernelOperands operands, long x, int column, long sumsOfPair) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long scale = place(operands.scales + (long) column * Float.BYTES);
        long minimum = place(operands.minimums + (long) column * Float.BYTES);
        long sums = place(sumsOfPair);
        long x0 = place(x);
        int bits = this.bits;
        int mask = (1 << bits) - 1;
        int inputsOfScale = scales.inputs();
        int quantsOfWord = this.quantsOfWord;
        int words = this.words;
        int whole = words * quantsOfWord;
        int groups = operands.inputs / inputsOfScale;
        int groupsOfChain = WorkerScratch.CHAIN_INPUTS / inputsOfScale;
        for (int first = 0; first < groups; first += groupsOfChain) {
            FloatVector p0 = FloatVector.zero(FLOATS);
            FloatVector p1 = FloatVector.zero(FLOATS);
            FloatVector p2 = FloatVector.zero(FLOATS);
            FloatVector p3 = FloatVector.zero(FLOATS);
            FloatVector q0 = FloatVector.zero(FLOATS);
            FloatVector q1 = FloatVector.zero(FLOATS);
            FloatVector q2 = FloatVector.zero(FLOATS);
            FloatVector q3 = FloatVector.zero(FLOATS);
            int end = Math.min(groups, first + groupsOfChain);
            for (int group = first; group < end; group++) {
                long shift = group * ROW_BYTES;
                FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift, LITTLE);
                FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift + VECTOR_BYTES, LITTLE);
                FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift + 2 * VECTOR_BYTES, LITTLE);
                FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + shift + 3 * VECTOR_BYTES, LITTLE);
                FloatVector m0 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift, LITTLE);
                FloatVector m1 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift + VECTOR_BYTES, LITTLE);
                FloatVector m2 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift + 2 * VECTOR_BYTES, LITTLE);
                FloatVector m3 = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + shift + 3 * VECTOR_BYTES, LITTLE);
                IntVector r0 = IntVector.zero(INTS);
                IntVector r1 = IntVector.zero(INTS);
                IntVector r2 = IntVector.zero(INTS);
                IntVector r3 = IntVector.zero(INTS);
                for (int word = 0; word < words; word++) {
                    long row = (group * words + word) * STRIP_BYTES;
                    IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE);
                    IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE);
                    IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE);
                    IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE);
                    int from = group * inputsOfScale + word * quantsOfWord;
                    for (int k = from; k < from + quantsOfWord; k++) {
                        long place = x0 + k * ActivationTiles.STEP;
                        FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                        FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                        FloatVector w0 = b0.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d0, m0);
                        b0 = b0.lanewise(VectorOperators.LSHR, bits);
                        p0 = w0.fma(v0, p0);
                        q0 = w0.fma(v1, q0);
                        FloatVector w1 = b1.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d1, m1);
                        b1 = b1.lanewise(VectorOperators.LSHR, bits);
                        p1 = w1.fma(v0, p1);
                        q1 = w1.fma(v1, q1);
                        FloatVector w2 = b2.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d2, m2);
                        b2 = b2.lanewise(VectorOperators.LSHR, bits);
                        p2 = w2.fma(v0, p2);
                        q2 = w2.fma(v1, q2);
                        FloatVector w3 = b3.and(mask)
                                .or(ONE_BITS)
                                .reinterpretAsFloats()
                                .sub(ONE)
                                .fma(d3, m3);
                        b3 = b3.lanewise(VectorOperators.LSHR, bits);
                        p3 = w3.fma(v0, p3);
                        q3 = w3.fma(v1, q3);
                    }
                    r0 = r0.or(b0.lanewise(VectorOperators.LSHL, LEFT * word));
                    r1 = r1.or(b1.lanewise(VectorOperators.LSHL, LEFT * word));
                    r2 = r2.or(b2.lanewise(VectorOperators.LSHL, LEFT * word));
                    r3 = r3.or(b3.lanewise(VectorOperators.LSHL, LEFT * word));
                }
                for (int k = group * inputsOfScale + whole; k < (group + 1) * inputsOfScale; k++) {
                    long place = x0 + k * ActivationTiles.STEP;
                    FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                    FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                    FloatVector w0 = r0.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d0, m0);
                    r0 = r0.lanewise(VectorOperators.LSHR, bits);
                    p0 = w0.fma(v0, p0);
                    q0 = w0.fma(v1, q0);
                    FloatVector w1 = r1.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d1, m1);
                    r1 = r1.lanewise(VectorOperators.LSHR, bits);
                    p1 = w1.fma(v0, p1);
                    q1 = w1.fma(v1, q1);
                    FloatVector w2 = r2.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d2, m2);
                    r2 = r2.lanewise(VectorOperators.LSHR, bits);
                    p2 = w2.fma(v0, p2);
                    q2 = w2.fma(v1, q2);
                    FloatVector w3 = r3.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d3, m3);
                    r3 = r3.lanewise(VectorOperators.LSHR, bits);
                    p3 = w3.fma(v0, p3);
                    q3 = w3.fma(v1, q3);
                }
            }
            p0.intoMemorySegment(ALL, sums, LITTLE);
            p1.intoMemorySegment(ALL, sums + VECTOR_BYTES, LITTLE);
            p2.intoMemorySegment(ALL, sums + 2 * VECTOR_BYTES, LITTLE);
            p3.intoMemorySegment(ALL, sums + 3 * VECTOR_BYTES, LITTLE);
            q0.intoMemorySegment(ALL, sums + ROW_BYTES, LITTLE);
            q1.intoMemorySegment(ALL, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            q2.intoMemorySegment(ALL, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            q3.intoMemorySegment(ALL, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }

    @Override
    public void widen(KernelOperands operands, int column) {
        long source = place(operands.strip(column, Integer.BYTES));
        long target = place(operands.widened(column));
        long scale = place(operands.scales + (long) column * Float.BYTES);
        long minimum = place(operands.minimums + (long) column * Float.BYTES);
        int mask = (1 << bits) - 1;
        int inputsOfScale = scales.inputs();
        int groups = operands.inputs / inputsOfScale;
        int whole = words * quantsOfWord;
        for (int group = 0; group < groups; group++) {
            FloatVector d = FloatVector.fromMemorySegment(FLOATS, ALL, scale + group * ROW_BYTES, LITTLE);
            FloatVector m = FloatVector.fromMemorySegment(FLOATS, ALL, minimum + group * ROW_BYTES, LITTLE);
            IntVector rest = IntVector.zero(INTS);
            for (int word = 0; word < words; word++) {
                long row = (group * words + word) * STRIP_BYTES;
                IntVector packed = IntVector.fromMemorySegment(INTS, ALL, source + row, LITTLE);
                int from = group * inputsOfScale + word * quantsOfWord;
                for (int k = from; k < from + quantsOfWord; k++) {
                    packed.and(mask)
                            .or(ONE_BITS)
                            .reinterpretAsFloats()
                            .sub(ONE)
                            .fma(d, m)
                            .intoMemorySegment(ALL, target + k * PANEL_STEP, LITTLE);
                    packed = packed.lanewise(VectorOperators.LSHR, bits);
                }
                rest = rest.or(packed.lanewise(VectorOperators.LSHL, LEFT * word));
            }
            for (int k = group * inputsOfScale + whole; k < (group + 1) * inputsOfScale; k++) {
                rest.and(mask)
                        .or(ONE_BITS)
                        .reinterpretAsFloats()
                        .sub(ONE)
                        .fma(d, m)
                        .intoMemorySegment(ALL, target + k * PANEL_STEP, LITTLE);
                rest = rest.lanewise(VectorOperators.LSHR, bits);
            }
        }
    }
}
