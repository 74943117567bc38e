package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0 weights; a block is [quantisation blocks][16 rows] F16 scales, padded to 64 bytes, then [inputs / 8][16 rows] ints
 * of eight signed nibbles (the stored nibble minus 8), the first input in the highest nibble: an arithmetic shift to the
 * right by 28 yields it, a shift to the left by 4 brings up the next.
 */
final class PackedNibbles implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;

    private static final int NIBBLES = 8;
    private static final int WORDS = BlockScales.QUANTS / NIBBLES;
    private static final int TOP = Integer.SIZE - 4;
    /** Turns a stored nibble q into the two's complement of q - 8. */
    private static final int SIGN = 0x8;

    @Override
    public long blockBytes(int inputs) {
        return BlockScales.bytes(inputs) + inputs / NIBBLES * FLOAT_GROUP_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        BlockScales.pack(source, firstRow, firstInput, inputs, target, offset);
        long quants = offset + BlockScales.bytes(inputs);
        for (int row = 0; row < Lanes.GROUP; row++) {
            for (int block = 0; block < inputs / QUANTS; block++) {
                boolean present = source.has(firstRow + row);
                int column = firstInput + block * QUANTS;
                long from = present ? source.offset(firstRow + row, column) + Short.BYTES : -1;
                for (int first = 0; first < QUANTS; first += NIBBLES) {
                    int nibbles = present ? gather(source.data(), from, first) : 0;
                    long place = (long) (block * QUANTS + first) / NIBBLES * Lanes.GROUP + row;
                    target.set(RowMajorWeights.INT, quants + place * Integer.BYTES, nibbles);
                }
            }
        }
    }

    @Override
    public void multiply(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            multiplyLanes(operands, lane);
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int row = 0; row < WorkerScratch.PANEL_ROWS; row += Lanes.COUNT) {
            widenLanes(operands, row);
        }
    }

    /** Packs eight consecutive weights of a stored block, whose low nibbles are its first half. */
    private static int gather(MemorySegment data, long quants, int first) {
        int nibbles = 0;
        for (int i = first; i < first + NIBBLES; i++) {
            int both = data.get(ValueLayout.JAVA_BYTE, quants + i % (QUANTS / 2));
            int nibble = (i < QUANTS / 2 ? both : both >> 4) & 0xf;
            nibbles = nibbles << 4 | (nibble ^ SIGN);
        }
        return nibbles;
    }

    private static void multiplyLanes(KernelOperands operands, int lane) {
        MemorySegment weights = operands.weights;
        MemorySegment x = operands.x;
        int words = operands.inputs / NIBBLES;
        long x0 = operands.xOffset;
        long g0 = operands.weightsOffset + BlockScales.bytes(operands.inputs) + (long) lane * Integer.BYTES;
        long g1 = g0 + operands.groupStride;
        long g2 = g1 + operands.groupStride;
        long g3 = g2 + operands.groupStride;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        MemorySegment scratch = operands.scratch;
        long scales = WorkerScratch.SCALES + (long) lane * Float.BYTES;
        for (int word = 0; word < words; word++) {
            long scale = scales + word / WORDS * WorkerScratch.ROW_BYTES;
            FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE);
            FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, scratch, scale + FLOAT_GROUP_BYTES, LITTLE);
            FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, scratch, scale + 2 * FLOAT_GROUP_BYTES, LITTLE);
            FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, scratch, scale + 3 * FLOAT_GROUP_BYTES, LITTLE);
            long step = word * FLOAT_GROUP_BYTES;
            IntVector w0 = IntVector.fromMemorySegment(INTS, weights, g0 + step, LITTLE);
            IntVector w1 = IntVector.fromMemorySegment(INTS, weights, g1 + step, LITTLE);
            IntVector w2 = IntVector.fromMemorySegment(INTS, weights, g2 + step, LITTLE);
            IntVector w3 = IntVector.fromMemorySegment(INTS, weights, g3 + step, LITTLE);
            for (int i = 0; i < NIBBLES; i++) {
                long place = x0 + ((long) word * NIBBLES + i) * Float.BYTES;
                FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, place));
                a0 = ((FloatVector) w0.lanewise(VectorOperators.ASHR, TOP).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(d0)
                        .fma(v, a0);
                a1 = ((FloatVector) w1.lanewise(VectorOperators.ASHR, TOP).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(d1)
                        .fma(v, a1);
                a2 = ((FloatVector) w2.lanewise(VectorOperators.ASHR, TOP).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(d2)
                        .fma(v, a2);
                a3 = ((FloatVector) w3.lanewise(VectorOperators.ASHR, TOP).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(d3)
                        .fma(v, a3);
                w0 = w0.lanewise(VectorOperators.LSHL, 4);
                w1 = w1.lanewise(VectorOperators.LSHL, 4);
                w2 = w2.lanewise(VectorOperators.LSHL, 4);
                w3 = w3.lanewise(VectorOperators.LSHL, 4);
            }
        }
        long sums = operands.totalsOffset + (long) lane * Float.BYTES;
        FloatVector.fromMemorySegment(FLOATS, scratch, sums, LITTLE).add(a0).intoMemorySegment(scratch, sums, LITTLE);
        FloatVector.fromMemorySegment(FLOATS, scratch, sums + FLOAT_GROUP_BYTES, LITTLE)
                .add(a1)
                .intoMemorySegment(scratch, sums + FLOAT_GROUP_BYTES, LITTLE);
        FloatVector.fromMemorySegment(FLOATS, scratch, sums + 2 * FLOAT_GROUP_BYTES, LITTLE)
                .add(a2)
                .intoMemorySegment(scratch, sums + 2 * FLOAT_GROUP_BYTES, LITTLE);
        FloatVector.fromMemorySegment(FLOATS, scratch, sums + 3 * FLOAT_GROUP_BYTES, LITTLE)
                .add(a3)
                .intoMemorySegment(scratch, sums + 3 * FLOAT_GROUP_BYTES, LITTLE);
    }

    private static void widenLanes(KernelOperands operands, int row) {
        MemorySegment weights = operands.weights;
        MemorySegment scratch = operands.scratch;
        int words = operands.inputs / NIBBLES;
        long source = operands.weightsOffset
                + (row / Lanes.GROUP) * operands.groupStride
                + BlockScales.bytes(operands.inputs)
                + (long) (row % Lanes.GROUP) * Integer.BYTES;
        long target = WorkerScratch.PANEL + (long) row * Float.BYTES;
        long scales = WorkerScratch.SCALES + (long) row * Float.BYTES;
        for (int word = 0; word < words; word++) {
            long scale = scales + word / WORDS * WorkerScratch.ROW_BYTES;
            FloatVector d = FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE);
            IntVector w = IntVector.fromMemorySegment(INTS, weights, source + word * FLOAT_GROUP_BYTES, LITTLE);
            for (int i = 0; i < NIBBLES; i++) {
                long place = target + (word * NIBBLES + i) * WorkerScratch.ROW_BYTES;
                ((FloatVector) w.lanewise(VectorOperators.ASHR, TOP).convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(d)
                        .intoMemorySegment(scratch, place, LITTLE);
                w = w.lanewise(VectorOperators.LSHL, 4);
            }
        }
    }
}
