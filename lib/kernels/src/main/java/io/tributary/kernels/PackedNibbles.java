package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0 weights; a block is [quantisation blocks][64 rows] F16 scales, padded to 64 bytes, then [inputs / 8][64 rows] ints
 * of eight signed nibbles (the stored nibble minus 8), the first input in the lowest nibble.
 */
final class PackedNibbles implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;
    private static final int NIBBLES = 8;
    private static final int WORDS = QUANTS / NIBBLES;
    private static final int TOP = Integer.SIZE - 4;
    /** Turns eight stored nibbles q into the two's complement of q - 8. */
    private static final int SIGNS = 0x88888888;
    /** What the 16 nibbles stand for, when a vector has room for all. */
    private static final float[] VALUES = {0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1};

    @Override
    public int chainInputs() {
        return QUANTS;
    }

    @Override
    public long blockBytes(int inputs) {
        return BlockScales.bytes(inputs) + inputs / NIBBLES * ROW_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        BlockScales.pack(source, firstRow, firstInput, inputs, target, offset);
        long quants = offset + BlockScales.bytes(inputs);
        for (int row = 0; row < PANEL_ROWS; row++) {
            boolean present = source.has(firstRow + row);
            for (int first = 0; first < inputs; first += NIBBLES) {
                int column = firstInput + first;
                int nibbles = 0;
                if (present) {
                    long from = source.offset(firstRow + row, column - column % QUANTS) + Short.BYTES;
                    nibbles = gather(source.data(), from, column % QUANTS);
                }
                long place = quants + first / NIBBLES * ROW_BYTES + (long) row * Integer.BYTES;
                target.set(RowMajorWeights.INT, place, nibbles);
            }
        }
    }

    @Override
    public void multiply(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int column = 0; column < PANEL_ROWS; column += 4 * Lanes.COUNT) {
            if (Lanes.COUNT == VALUES.length) {
                multiplyByTable(operands, column);
            } else {
                multiplyByShift(operands, column);
            }
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int column = 0; column < PANEL_ROWS; column += Lanes.COUNT) {
            widenColumns(operands, column);
        }
    }

    /** Packs eight consecutive weights of a stored block, whose low nibbles are its first half. */
    private static int gather(MemorySegment data, long quants, int first) {
        // All eight are in the same half of the block, so in the same nibbles of eight bytes.
        long bytes = data.get(RowMajorWeights.LONG, quants + first % (QUANTS / 2));
        long nibbles = bytes >>> (first < QUANTS / 2 ? 0 : 4) & 0x0f0f0f0f0f0f0f0fL;
        return (int) Long.compress(nibbles, 0x0f0f0f0f0f0f0f0fL) ^ SIGNS;
    }

    private static void multiplyByTable(KernelOperands operands, int column) {
        MemorySegment weights = operands.weights;
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int blocks = operands.inputs / QUANTS;
        long x0 = operands.xOffset;
        long w0 = operands.weightsOffset + BlockScales.bytes(operands.inputs) + (long) column * Integer.BYTES;
        long scales = WorkerScratch.SCALES + (long) column * Float.BYTES;
        long totals = operands.totalsOffset + (long) column * Float.BYTES;
        IntVector values = FloatVector.fromArray(FLOATS, VALUES, 0).reinterpretAsInts();
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, scratch, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int block = 0; block < blocks; block++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                long row = w0 + word * ROW_BYTES;
                IntVector b0 = IntVector.fromMemorySegment(INTS, weights, row, LITTLE);
                IntVector b1 = IntVector.fromMemorySegment(INTS, weights, row + VECTOR_BYTES, LITTLE);
                IntVector b2 = IntVector.fromMemorySegment(INTS, weights, row + 2 * VECTOR_BYTES, LITTLE);
                IntVector b3 = IntVector.fromMemorySegment(INTS, weights, row + 3 * VECTOR_BYTES, LITTLE);
                for (int i = 0; i < NIBBLES; i++) {
                    long place = x0 + ((long) word * NIBBLES + i) * Float.BYTES;
                    FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, place));
                    a0 = b0.selectFrom(values).reinterpretAsFloats().fma(v, a0);
                    a1 = b1.selectFrom(values).reinterpretAsFloats().fma(v, a1);
                    a2 = b2.selectFrom(values).reinterpretAsFloats().fma(v, a2);
                    a3 = b3.selectFrom(values).reinterpretAsFloats().fma(v, a3);
                    b0 = b0.lanewise(VectorOperators.LSHR, 4);
                    b1 = b1.lanewise(VectorOperators.LSHR, 4);
                    b2 = b2.lanewise(VectorOperators.LSHR, 4);
                    b3 = b3.lanewise(VectorOperators.LSHR, 4);
                }
            }
            long scale = scales + block * ROW_BYTES;
            t0 = a0.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE), t0);
            t1 = a1.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + VECTOR_BYTES, LITTLE), t1);
            t2 = a2.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + 2 * VECTOR_BYTES, LITTLE), t2);
            t3 = a3.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + 3 * VECTOR_BYTES, LITTLE), t3);
        }
        t0.intoMemorySegment(scratch, totals, LITTLE);
        t1.intoMemorySegment(scratch, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(scratch, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void multiplyByShift(KernelOperands operands, int column) {
        MemorySegment weights = operands.weights;
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int blocks = operands.inputs / QUANTS;
        long x0 = operands.xOffset;
        long w0 = operands.weightsOffset + BlockScales.bytes(operands.inputs) + (long) column * Integer.BYTES;
        long scales = WorkerScratch.SCALES + (long) column * Float.BYTES;
        long totals = operands.totalsOffset + (long) column * Float.BYTES;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, scratch, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int block = 0; block < blocks; block++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int word = block * WORDS; word < (block + 1) * WORDS; word++) {
                long row = w0 + word * ROW_BYTES;
                IntVector b0 = IntVector.fromMemorySegment(INTS, weights, row, LITTLE);
                IntVector b1 = IntVector.fromMemorySegment(INTS, weights, row + VECTOR_BYTES, LITTLE);
                IntVector b2 = IntVector.fromMemorySegment(INTS, weights, row + 2 * VECTOR_BYTES, LITTLE);
                IntVector b3 = IntVector.fromMemorySegment(INTS, weights, row + 3 * VECTOR_BYTES, LITTLE);
                for (int i = 0; i < NIBBLES; i++) {
                    long place = x0 + ((long) word * NIBBLES + i) * Float.BYTES;
                    FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, place));
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
            t0 = a0.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE), t0);
            t1 = a1.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + VECTOR_BYTES, LITTLE), t1);
            t2 = a2.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + 2 * VECTOR_BYTES, LITTLE), t2);
            t3 = a3.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + 3 * VECTOR_BYTES, LITTLE), t3);
        }
        t0.intoMemorySegment(scratch, totals, LITTLE);
        t1.intoMemorySegment(scratch, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(scratch, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void widenColumns(KernelOperands operands, int column) {
        long source = operands.weightsOffset + BlockScales.bytes(operands.inputs) + (long) column * Integer.BYTES;
        long target = WorkerScratch.PANEL + (long) column * Float.BYTES;
        for (int word = 0; word < operands.inputs / NIBBLES; word++) {
            IntVector bits = IntVector.fromMemorySegment(INTS, operands.weights, source + word * ROW_BYTES, LITTLE);
            for (int i = 0; i < NIBBLES; i++) {
                ((FloatVector) bits.lanewise(VectorOperators.LSHL, TOP)
                                .lanewise(VectorOperators.ASHR, TOP)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .intoMemorySegment(operands.scratch, target + (word * NIBBLES + i) * ROW_BYTES, LITTLE);
                bits = bits.lanewise(VectorOperators.LSHR, 4);
            }
        }
    }
}
