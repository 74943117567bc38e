package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.RowMajorWeights.INT;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of five bits (Q5_0, Q5_1, Q5_K) and six (Q6_K) at their size; a strip is [chains][words][16 rows] ints.
 *
 * <p>An int has as many whole quants as fit, as they are stored, the first in the lowest bits: six of five bits, five of six
 * bits. The two bits that each int has left, put together, are the last quants of the chain: two of five bits out of the five
 * ints of 32 quants, one of six bits out of the three ints of 16 quants.
 *
 * <p>A quant q in the lowest bits of the fraction of a float of the exponent 23 is the float 2^23 + q, from which 2^23 and the
 * center are subtracted exactly.
 */
final class PackedBits implements PackedFormat {
    /** Bits that are left in an int. */
    static final int LEFT = 2;
    /** The float 2^23, whose lowest bits of the fraction count ones. */
    static final int ONE = Float.floatToRawIntBits(0x1p23f);

    private final WeightType type;
    private final QuantScales scales;
    private final int chainInputs;
    private final int bits;
    /** Whole quants of an int. */
    private final int quantsOfWord;
    /** Ints of a chain. */
    private final int words;
    /** What is subtracted from 2^23 + q. */
    private final float center;

    /** @param type Q5_0, Q5_1, Q5_K or Q6_K */
    PackedBits(WeightType type) {
        this.type = type;
        this.scales = QuantScales.of(type);
        this.chainInputs = StoredQuants.chainInputs(type);
        this.bits = type == WeightType.Q6_K ? 6 : 5;
        this.quantsOfWord = (Integer.SIZE - LEFT) / bits;
        this.words = chainInputs * bits / Integer.SIZE;
        this.center = 0x1p23f + StoredQuants.center(type);
    }

    @Override
    public QuantScales scales() {
        return scales;
    }

    @Override
    public int chainInputs() {
        return chainInputs;
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
            for (int chain = 0; chain < inputs / chainInputs; chain++) {
                int first = chain * chainInputs;
                long block = stored + (long) (first / type.blockElements()) * type.blockBytes();
                StoredQuants.read(type, block, first % type.blockElements(), quants);
                packChain(quants, place + (long) chain * words * STRIP_BYTES + (long) row * Integer.BYTES);
            }
        }
    }

    private void packChain(long quants, long place) {
        int whole = words * quantsOfWord;
        int rest = 0;
        for (int k = whole; k < chainInputs; k++) {
            rest |= asStored(quants, k) << ((k - whole) * bits);
        }
        for (int word = 0; word < words; word++) {
            int packed = (rest >>> (LEFT * word)) << (Integer.SIZE - LEFT);
            for (int i = 0; i < quantsOfWord; i++) {
                packed |= asStored(quants, word * quantsOfWord + i) << (i * bits);
            }
            ALL.set(INT, place + word * STRIP_BYTES, packed);
        }
    }

    private int asStored(long quants, int k) {
        return StoredQuants.get(quants, k) + StoredQuants.center(type);
    }

    @Override
    public void multiply(KernelOperands operands, int column) {
        long s0 = place(operands.strip(column, Integer.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Integer.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Integer.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Integer.BYTES));
        long scales = place(operands.scales + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int chains = operands.inputs / chainInputs;
        int inputsOfChain = chainInputs;
        int bits = this.bits;
        int mask = (1 << bits) - 1;
        int quantsOfWord = this.quantsOfWord;
        int words = this.words;
        int whole = words * quantsOfWord;
        float center = this.center;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int chain = 0; chain < chains; chain++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            IntVector r0 = IntVector.zero(INTS);
            IntVector r1 = IntVector.zero(INTS);
            IntVector r2 = IntVector.zero(INTS);
            IntVector r3 = IntVector.zero(INTS);
            for (int word = 0; word < words; word++) {
                long row = (chain * words + word) * STRIP_BYTES;
                IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, s0 + row, LITTLE);
                IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, s1 + row, LITTLE);
                IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, s2 + row, LITTLE);
                IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, s3 + row, LITTLE);
                int first = chain * inputsOfChain + word * quantsOfWord;
                for (int k = first; k < first + quantsOfWord; k++) {
                    FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x0 + (long) k * Float.BYTES));
                    a0 = b0.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a0);
                    a1 = b1.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a1);
                    a2 = b2.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a2);
                    a3 = b3.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a3);
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
            for (int k = chain * inputsOfChain + whole; k < (chain + 1) * inputsOfChain; k++) {
                FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x0 + (long) k * Float.BYTES));
                a0 = r0.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a0);
                a1 = r1.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a1);
                a2 = r2.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a2);
                a3 = r3.and(mask).or(ONE).reinterpretAsFloats().sub(center).fma(v, a3);
                r0 = r0.lanewise(VectorOperators.LSHR, bits);
                r1 = r1.lanewise(VectorOperators.LSHR, bits);
                r2 = r2.lanewise(VectorOperators.LSHR, bits);
                r3 = r3.lanewise(VectorOperators.LSHR, bits);
            }
            long scale = scales + chain * ROW_BYTES;
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

    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        BitTiles.multiplyWords(operands, x, column, bits, chainInputs, center);
        BitTiles.multiplyRest(operands, x, column, bits, chainInputs, center);
    }

    @Override
    public void widen(KernelOperands operands, int column) {
        long source = place(operands.strip(column, Integer.BYTES));
        long target = place(operands.scratch + WorkerScratch.PANEL + (long) column * Float.BYTES);
        int chains = operands.inputs / chainInputs;
        int mask = (1 << bits) - 1;
        int whole = words * quantsOfWord;
        for (int chain = 0; chain < chains; chain++) {
            IntVector rest = IntVector.zero(INTS);
            for (int word = 0; word < words; word++) {
                long row = (chain * words + word) * STRIP_BYTES;
                IntVector packed = IntVector.fromMemorySegment(INTS, ALL, source + row, LITTLE);
                int first = chain * chainInputs + word * quantsOfWord;
                for (int k = first; k < first + quantsOfWord; k++) {
                    packed.and(mask)
                            .or(ONE)
                            .reinterpretAsFloats()
                            .sub(center)
                            .intoMemorySegment(ALL, target + k * ROW_BYTES, LITTLE);
                    packed = packed.lanewise(VectorOperators.LSHR, bits);
                }
                rest = rest.or(packed.lanewise(VectorOperators.LSHL, LEFT * word));
            }
            for (int k = chain * chainInputs + whole; k < (chain + 1) * chainInputs; k++) {
                rest.and(mask)
                        .or(ONE)
                        .reinterpretAsFloats()
                        .sub(center)
                        .intoMemorySegment(ALL, target + k * ROW_BYTES, LITTLE);
                rest = rest.lanewise(VectorOperators.LSHR, bits);
            }
        }
    }
}
