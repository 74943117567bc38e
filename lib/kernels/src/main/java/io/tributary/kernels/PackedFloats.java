package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** F32 weights; a block is [inputs][64 rows] floats. */
final class PackedFloats implements PackedFormat {

    @Override
    public int chainInputs() {
        return FloatChains.INPUTS;
    }

    @Override
    public long blockBytes(int inputs) {
        return inputs * ROW_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        for (int row = 0; row < PANEL_ROWS; row++) {
            boolean present = source.has(firstRow + row);
            long from = present ? source.offset(firstRow + row, firstInput) : 0;
            for (int k = 0; k < inputs; k++) {
                float weight = present ? source.data().get(FLOAT, from + (long) k * Float.BYTES) : 0f;
                source.requireFinite(firstRow + row, firstInput + k, weight);
                target.set(FLOAT, offset + k * ROW_BYTES + (long) row * Float.BYTES, weight);
            }
        }
    }

    @Override
    public void multiply(KernelOperands operands) {
        for (int column = 0; column < PANEL_ROWS; column += 4 * Lanes.COUNT) {
            multiplyColumns(operands, column);
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        FloatChains.unitScales(operands);
        for (int column = 0; column < PANEL_ROWS; column += Lanes.COUNT) {
            widenColumns(operands, column);
        }
    }

    private static void multiplyColumns(KernelOperands operands, int column) {
        MemorySegment weights = operands.weights;
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int inputs = operands.inputs;
        long x0 = operands.xOffset;
        long w0 = operands.weightsOffset + (long) column * Float.BYTES;
        long totals = operands.totalsOffset + (long) column * Float.BYTES;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, scratch, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < inputs; first += FloatChains.INPUTS) {
            int end = Math.min(inputs, first + FloatChains.INPUTS);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int k = first; k < end; k++) {
                FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + (long) k * Float.BYTES));
                long row = w0 + k * ROW_BYTES;
                a0 = FloatVector.fromMemorySegment(FLOATS, weights, row, LITTLE).fma(v, a0);
                a1 = FloatVector.fromMemorySegment(FLOATS, weights, row + VECTOR_BYTES, LITTLE)
                        .fma(v, a1);
                a2 = FloatVector.fromMemorySegment(FLOATS, weights, row + 2 * VECTOR_BYTES, LITTLE)
                        .fma(v, a2);
                a3 = FloatVector.fromMemorySegment(FLOATS, weights, row + 3 * VECTOR_BYTES, LITTLE)
                        .fma(v, a3);
            }
            t0 = t0.add(a0);
            t1 = t1.add(a1);
            t2 = t2.add(a2);
            t3 = t3.add(a3);
        }
        t0.intoMemorySegment(scratch, totals, LITTLE);
        t1.intoMemorySegment(scratch, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(scratch, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void widenColumns(KernelOperands operands, int column) {
        long source = operands.weightsOffset + (long) column * Float.BYTES;
        long target = WorkerScratch.PANEL + (long) column * Float.BYTES;
        for (int k = 0; k < operands.inputs; k++) {
            FloatVector weight = Lanes.load(operands.weights, source + k * ROW_BYTES);
            Lanes.store(weight, operands.scratch, target + k * ROW_BYTES);
        }
    }
}
