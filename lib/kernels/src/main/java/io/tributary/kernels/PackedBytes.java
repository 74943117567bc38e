package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.BYTES;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q8_0 weights; a block is [quantisation blocks][16 rows] F16 scales, padded to 64 bytes, then [inputs][16 rows] signed
 * bytes.
 */
final class PackedBytes implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;

    @Override
    public long blockBytes(int inputs) {
        return BlockScales.bytes(inputs) + (long) inputs * Lanes.GROUP;
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
                for (int k = 0; k < QUANTS; k++) {
                    byte quant = present ? source.data().get(ValueLayout.JAVA_BYTE, from + k) : 0;
                    target.set(ValueLayout.JAVA_BYTE, quants + (block * QUANTS + k) * (long) Lanes.GROUP + row, quant);
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

    private static void multiplyLanes(KernelOperands operands, int lane) {
        MemorySegment weights = operands.weights;
        MemorySegment x = operands.x;
        int blocks = operands.inputs / QUANTS;
        long x0 = operands.xOffset;
        long g0 = operands.weightsOffset + BlockScales.bytes(operands.inputs) + lane;
        long g1 = g0 + operands.groupStride;
        long g2 = g1 + operands.groupStride;
        long g3 = g2 + operands.groupStride;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        MemorySegment scratch = operands.scratch;
        long scales = WorkerScratch.SCALES + (long) lane * Float.BYTES;
        for (int block = 0; block < blocks; block++) {
            long scale = scales + block * WorkerScratch.ROW_BYTES;
            FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE);
            FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, scratch, scale + FLOAT_GROUP_BYTES, LITTLE);
            FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, scratch, scale + 2 * FLOAT_GROUP_BYTES, LITTLE);
            FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, scratch, scale + 3 * FLOAT_GROUP_BYTES, LITTLE);
            for (int i = 0; i < QUANTS; i++) {
                int k = block * QUANTS + i;
                FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + (long) k * Float.BYTES));
                long step = (long) k * Lanes.GROUP;
                a0 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, g0 + step, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .mul(d0)
                        .fma(v, a0);
                a1 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, g1 + step, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .mul(d1)
                        .fma(v, a1);
                a2 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, g2 + step, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .mul(d2)
                        .fma(v, a2);
                a3 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, g3 + step, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .mul(d3)
                        .fma(v, a3);
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
        int blocks = operands.inputs / QUANTS;
        long source = operands.weightsOffset
                + (row / Lanes.GROUP) * operands.groupStride
                + BlockScales.bytes(operands.inputs)
                + row % Lanes.GROUP;
        long target = WorkerScratch.PANEL + (long) row * Float.BYTES;
        long scales = WorkerScratch.SCALES + (long) row * Float.BYTES;
        for (int block = 0; block < blocks; block++) {
            long scale = scales + block * WorkerScratch.ROW_BYTES;
            FloatVector d = FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE);
            for (int i = 0; i < QUANTS; i++) {
                int k = block * QUANTS + i;
                ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, source + (long) k * Lanes.GROUP, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .mul(d)
                        .intoMemorySegment(scratch, target + k * WorkerScratch.ROW_BYTES, LITTLE);
            }
        }
    }
}
