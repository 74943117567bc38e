package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * BF16 weights; a block is [pairs of inputs][16 rows] ints, the even input in the lower half of the int.
 */
final class PackedBrainFloats implements PackedFormat {
    private static final int HIGH = 0xffff0000;

    @Override
    public long blockBytes(int inputs) {
        return Math.ceilDiv(inputs, 2) * FLOAT_GROUP_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        for (int row = 0; row < Lanes.GROUP; row++) {
            boolean present = source.has(firstRow + row);
            long from = present ? source.offset(firstRow + row, firstInput) : 0;
            for (int k = 0; k < inputs; k += 2) {
                int low = present ? read(source, from, firstRow + row, firstInput, k) : 0;
                int high = present && k + 1 < inputs ? read(source, from, firstRow + row, firstInput, k + 1) : 0;
                long place = offset + ((long) k / 2 * Lanes.GROUP + row) * Integer.BYTES;
                target.set(RowMajorWeights.INT, place, high << Short.SIZE | low);
            }
        }
    }

    private static int read(RowMajorWeights source, long from, int row, int firstInput, int k) {
        short bits = source.data().get(RowMajorWeights.SHORT, from + (long) k * Short.BYTES);
        source.requireFinite(row, firstInput + k, Float.intBitsToFloat(bits << Short.SIZE));
        return Short.toUnsignedInt(bits);
    }

    @Override
    public void multiply(KernelOperands operands) {
        if (operands.inputs % 2 != 0) {
            // The pair of an odd last input has no second activation to read.
            widen(operands);
            PanelTiles.multiply(operands, 1);
            return;
        }
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
        int pairs = operands.inputs / 2;
        long x0 = operands.xOffset;
        long g0 = operands.weightsOffset + (long) lane * Integer.BYTES;
        long g1 = g0 + operands.groupStride;
        long g2 = g1 + operands.groupStride;
        long g3 = g2 + operands.groupStride;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        for (int pair = 0; pair < pairs; pair++) {
            FloatVector even = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + 2L * pair * Float.BYTES));
            FloatVector odd = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + (2L * pair + 1) * Float.BYTES));
            long step = pair * FLOAT_GROUP_BYTES;
            IntVector w0 = IntVector.fromMemorySegment(INTS, weights, g0 + step, LITTLE);
            a0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, a0);
            a0 = w0.and(HIGH).reinterpretAsFloats().fma(odd, a0);
            IntVector w1 = IntVector.fromMemorySegment(INTS, weights, g1 + step, LITTLE);
            a1 = w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, a1);
            a1 = w1.and(HIGH).reinterpretAsFloats().fma(odd, a1);
            IntVector w2 = IntVector.fromMemorySegment(INTS, weights, g2 + step, LITTLE);
            a2 = w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, a2);
            a2 = w2.and(HIGH).reinterpretAsFloats().fma(odd, a2);
            IntVector w3 = IntVector.fromMemorySegment(INTS, weights, g3 + step, LITTLE);
            a3 = w3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, a3);
            a3 = w3.and(HIGH).reinterpretAsFloats().fma(odd, a3);
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
                + (long) (row % Lanes.GROUP) * Integer.BYTES;
        long target = WorkerScratch.PANEL + (long) row * Float.BYTES;
        // An odd last pair also writes its zero half: the panel has room, as a block's rows are counted in pairs.
        int pairs = Math.ceilDiv(operands.inputs, 2);
        for (int pair = 0; pair < pairs; pair++) {
            IntVector w = IntVector.fromMemorySegment(INTS, weights, source + pair * FLOAT_GROUP_BYTES, LITTLE);
            long place = target + 2L * pair * WorkerScratch.ROW_BYTES;
            w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoMemorySegment(scratch, place, LITTLE);
            w.and(HIGH).reinterpretAsFloats().intoMemorySegment(scratch, place + WorkerScratch.ROW_BYTES, LITTLE);
        }
    }
}
