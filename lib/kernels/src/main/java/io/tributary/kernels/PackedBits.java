package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.RowMajorWeights.INT;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of five bits (Q5_0, Q5_1, Q5_K) and six (Q6_K) at their size; a block is its {@link QuantScales}, then
 * [chains][words][64 rows] ints.
 *
 * <p>An int has as many whole signed quants as fit, the first in the lowest bits: six of five bits, five of six bits. The two
 * bits that each int has left, put together, are the last quants of the chain: two of five bits out of the five ints of 32
 * quants, one of six bits out of the three ints of 16 quants.
 */
final class PackedBits implements PackedFormat {
    private static final int LEFT = 2;

    private final WeightType type;
    private final QuantScales scales;
    private final int chainInputs;
    private final int bits;
    /** Whole quants of an int. */
    private final int quantsOfWord;
    /** Ints of a chain. */
    private final int words;

    /** @param type Q5_0, Q5_1, Q5_K or Q6_K */
    PackedBits(WeightType type) {
        this.type = type;
        this.scales = QuantScales.of(type);
        this.chainInputs = StoredQuants.chainInputs(type);
        this.bits = type == WeightType.Q6_K ? 6 : 5;
        this.quantsOfWord = (Integer.SIZE - LEFT) / bits;
        this.words = chainInputs * bits / Integer.SIZE;
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
    public boolean tilesPacked() {
        return false;
    }

    @Override
    public long quantBytes(int inputs) {
        return (long) inputs * bits * PANEL_ROWS / Byte.SIZE;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long place = NativeMemory.address(target, offset, quantBytes(inputs));
        long quants = RowScratch.values();
        for (int row = 0; row < PANEL_ROWS; row++) {
            // Rows beyond the matrix, whose scales are zero, repeat its last row.
            long stored = source.address(firstRow + row, firstInput);
            for (int chain = 0; chain < inputs / chainInputs; chain++) {
                int first = chain * chainInputs;
                long block = stored + (long) (first / type.blockElements()) * type.blockBytes();
                StoredQuants.read(type, block, first % type.blockElements(), quants);
                packChain(quants, place + (long) chain * words * ROW_BYTES + (long) row * Integer.BYTES);
            }
        }
    }

    private void packChain(long quants, long place) {
        int mask = (1 << bits) - 1;
        int whole = words * quantsOfWord;
        int rest = 0;
        for (int k = whole; k < chainInputs; k++) {
            rest |= (StoredQuants.get(quants, k) & mask) << ((k - whole) * bits);
        }
        for (int word = 0; word < words; word++) {
            int packed = (rest >>> (LEFT * word)) << (Integer.SIZE - LEFT);
            for (int i = 0; i < quantsOfWord; i++) {
                packed |= (StoredQuants.get(quants, word * quantsOfWord + i) & mask) << (i * bits);
            }
            ALL.set(INT, place + word * ROW_BYTES, packed);
        }
    }

    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        throw new IllegalStateException(type + " is widened for several tokens");
    }

    @Override
    public void multiply(KernelOperands operands, int column) {
        int chains = operands.inputs / chainInputs;
        long row = place(operands.quants + (long) column * Integer.BYTES);
        long scale = place(operands.scratch + WorkerScratch.SCALES + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x = place(operands.x);
        int bits = this.bits;
        int top = Integer.SIZE - bits;
        int quantsOfWord = this.quantsOfWord;
        int words = this.words;
        int leftOver = chainInputs - words * quantsOfWord;
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
                IntVector b0 = IntVector.fromMemorySegment(INTS, ALL, row, LITTLE);
                IntVector b1 = IntVector.fromMemorySegment(INTS, ALL, row + VECTOR_BYTES, LITTLE);
                IntVector b2 = IntVector.fromMemorySegment(INTS, ALL, row + 2 * VECTOR_BYTES, LITTLE);
                IntVector b3 = IntVector.fromMemorySegment(INTS, ALL, row + 3 * VECTOR_BYTES, LITTLE);
                for (int i = 0; i < quantsOfWord; i++) {
                    FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x));
                    a0 = ((FloatVector) b0.lanewise(VectorOperators.LSHL, top)
                                    .lanewise(VectorOperators.ASHR, top)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a0);
                    b0 = b0.lanewise(VectorOperators.LSHR, bits);
                    a1 = ((FloatVector) b1.lanewise(VectorOperators.LSHL, top)
                                    .lanewise(VectorOperators.ASHR, top)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a1);
                    b1 = b1.lanewise(VectorOperators.LSHR, bits);
                    a2 = ((FloatVector) b2.lanewise(VectorOperators.LSHL, top)
                                    .lanewise(VectorOperators.ASHR, top)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a2);
                    b2 = b2.lanewise(VectorOperators.LSHR, bits);
                    a3 = ((FloatVector) b3.lanewise(VectorOperators.LSHL, top)
                                    .lanewise(VectorOperators.ASHR, top)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(v, a3);
                    b3 = b3.lanewise(VectorOperators.LSHR, bits);
                    x += Float.BYTES;
                }
                r0 = r0.or(b0.lanewise(VectorOperators.LSHL, LEFT * word));
                r1 = r1.or(b1.lanewise(VectorOperators.LSHL, LEFT * word));
                r2 = r2.or(b2.lanewise(VectorOperators.LSHL, LEFT * word));
                r3 = r3.or(b3.lanewise(VectorOperators.LSHL, LEFT * word));
                row += ROW_BYTES;
            }
            for (int i = 0; i < leftOver; i++) {
                FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x));
                a0 = ((FloatVector) r0.lanewise(VectorOperators.LSHL, top)
                                .lanewise(VectorOperators.ASHR, top)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(v, a0);
                r0 = r0.lanewise(VectorOperators.LSHR, bits);
                a1 = ((FloatVector) r1.lanewise(VectorOperators.LSHL, top)
                                .lanewise(VectorOperators.ASHR, top)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(v, a1);
                r1 = r1.lanewise(VectorOperators.LSHR, bits);
                a2 = ((FloatVector) r2.lanewise(VectorOperators.LSHL, top)
                                .lanewise(VectorOperators.ASHR, top)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(v, a2);
                r2 = r2.lanewise(VectorOperators.LSHR, bits);
                a3 = ((FloatVector) r3.lanewise(VectorOperators.LSHL, top)
                                .lanewise(VectorOperators.ASHR, top)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .fma(v, a3);
                r3 = r3.lanewise(VectorOperators.LSHR, bits);
                x += Float.BYTES;
            }
            t0 = a0.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE), t0);
            t1 = a1.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE), t1);
            t2 = a2.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE), t2);
            t3 = a3.fma(FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE), t3);
            scale += ROW_BYTES;
        }
        t0.intoMemorySegment(ALL, totals, LITTLE);
        t1.intoMemorySegment(ALL, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    @Override
    public void widen(KernelOperands operands, int column) {
        int chains = operands.inputs / chainInputs;
        long row = place(operands.quants + (long) column * Integer.BYTES);
        long target = place(operands.scratch + WorkerScratch.PANEL + (long) column * Float.BYTES);
        int top = Integer.SIZE - bits;
        int whole = words * quantsOfWord;
        for (int chain = 0; chain < chains; chain++) {
            IntVector rest = IntVector.zero(INTS);
            for (int word = 0; word < words; word++) {
                IntVector packed = IntVector.fromMemorySegment(INTS, ALL, row, LITTLE);
                for (int i = 0; i < quantsOfWord; i++) {
                    ((FloatVector) packed.lanewise(VectorOperators.LSHL, top)
                                    .lanewise(VectorOperators.ASHR, top)
                                    .convertShape(VectorOperators.I2F, FLOATS, 0))
                            .intoMemorySegment(ALL, target, LITTLE);
                    packed = packed.lanewise(VectorOperators.LSHR, bits);
                    target += ROW_BYTES;
                }
                rest = rest.or(packed.lanewise(VectorOperators.LSHL, LEFT * word));
                row += ROW_BYTES;
            }
            for (int k = whole; k < chainInputs; k++) {
                ((FloatVector) rest.lanewise(VectorOperators.LSHL, top)
                                .lanewise(VectorOperators.ASHR, top)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .intoMemorySegment(ALL, target, LITTLE);
                rest = rest.lanewise(VectorOperators.LSHR, bits);
                target += ROW_BYTES;
            }
        }
    }
}
