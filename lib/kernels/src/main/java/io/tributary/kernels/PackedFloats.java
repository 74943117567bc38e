package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** F32 weights; a block is [inputs][16 rows] floats. */
final class PackedFloats implements PackedFormat {
    @Override
    public long blockBytes(int inputs) {
        return inputs * FLOAT_GROUP_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        for (int row = 0; row < Lanes.GROUP; row++) {
            boolean present = source.has(firstRow + row);
            long from = present ? source.offset(firstRow + row, firstInput) : 0;
            for (int k = 0; k < inputs; k++) {
                float weight = present ? source.data().get(FLOAT, from + (long) k * Float.BYTES) : 0f;
                source.requireFinite(firstRow + row, firstInput + k, weight);
                target.set(FLOAT, offset + ((long) k * Lanes.GROUP + row) * Float.BYTES, weight);
            }
        }
    }

    @Override
    public void multiply(KernelOperands operands) {
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            multiplyLanes(operands, lane);
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        for (int row = 0; row < WorkerScratch.PANEL_ROWS; row += Lanes.COUNT) {
            widenLanes(operands, row);
        }
    }

    private static void multiplyLanes(KernelOperands operands, int lane) {
        MemorySegment weights = operands.weights;
        MemorySegment x = operands.x;
        int inputs = operands.inputs;
        long x0 = operands.xOffset;
        long g0 = operands.weightsOffset + (long) lane * Float.BYTES;
        long g1 = g0 + operands.groupStride;
        long g2 = g1 + operands.groupStride;
        long g3 = g2 + operands.groupStride;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < inputs; k++) {
            FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + (long) k * Float.BYTES));
            long step = k * FLOAT_GROUP_BYTES;
            a0 = FloatVector.fromMemorySegment(FLOATS, weights, g0 + step, LITTLE)
                    .fma(v, a0);
            a1 = FloatVector.fromMemorySegment(FLOATS, weights, g1 + step, LITTLE)
                    .fma(v, a1);
            a2 = FloatVector.fromMemorySegment(FLOATS, weights, g2 + step, LITTLE)
                    .fma(v, a2);
            a3 = FloatVector.fromMemorySegment(FLOATS, weights, g3 + step, LITTLE)
                    .fma(v, a3);
        }
        MemorySegment scratch = operands.scratch;
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
        long source = operands.weightsOffset
                + (row / Lanes.GROUP) * operands.groupStride
                + (long) (row % Lanes.GROUP) * Float.BYTES;
        long target = WorkerScratch.PANEL + (long) row * Float.BYTES;
        for (int k = 0; k < operands.inputs; k++) {
            FloatVector weight = Lanes.load(weights, source + k * FLOAT_GROUP_BYTES);
            Lanes.store(weight, scratch, target + k * WorkerScratch.ROW_BYTES);
        }
    }
}
