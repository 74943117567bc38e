package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.PanelTiles.PANEL_STEP;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** F32 weights; a strip is [inputs][16 rows] floats. */
final class PackedFloats implements PackedFormat {

    private final QuantScales scales = new NoScales();

    @Override
    public QuantScales scales() {
        return scales;
    }

    @Override
    public long quantBytes(int inputs) {
        return inputs * STRIP_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        for (int row = 0; row < STRIP_ROWS; row++) {
            boolean present = source.has(firstRow + row);
            long from = present ? source.offset(firstRow + row, firstInput) : 0;
            for (int k = 0; k < inputs; k++) {
                float weight = present ? source.data().get(FLOAT, from + (long) k * Float.BYTES) : 0f;
                source.requireFinite(firstRow + row, firstInput + k, weight);
                target.set(FLOAT, offset + k * STRIP_BYTES + (long) row * Float.BYTES, weight);
            }
        }
    }

    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        long s0 = place(operands.strip(column, Float.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Float.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Float.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Float.BYTES));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        int inputs = operands.inputs;
        for (int first = 0; first < inputs; first += WorkerScratch.CHAIN_INPUTS) {
            int end = Math.min(inputs, first + WorkerScratch.CHAIN_INPUTS);
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
            for (int k = first; k < end; k++) {
                long place = x0 + k * ActivationTiles.STEP;
                FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
                FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
                long row = k * STRIP_BYTES;
                FloatVector wa = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + row, LITTLE);
                a0 = wa.fma(v0, a0);
                a1 = wa.fma(v1, a1);
                a2 = wa.fma(v2, a2);
                a3 = wa.fma(v3, a3);
                FloatVector wb = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + row, LITTLE);
                b0 = wb.fma(v0, b0);
                b1 = wb.fma(v1, b1);
                b2 = wb.fma(v2, b2);
                b3 = wb.fma(v3, b3);
                FloatVector wc = FloatVector.fromMemorySegment(FLOATS, ALL, s2 + row, LITTLE);
                c0 = wc.fma(v0, c0);
                c1 = wc.fma(v1, c1);
                c2 = wc.fma(v2, c2);
                c3 = wc.fma(v3, c3);
                FloatVector wd = FloatVector.fromMemorySegment(FLOATS, ALL, s3 + row, LITTLE);
                d0 = wd.fma(v0, d0);
                d1 = wd.fma(v1, d1);
                d2 = wd.fma(v2, d2);
                d3 = wd.fma(v3, d3);
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
    public void multiply(KernelOperands operands, int column) {
        int step = operands.step;
        long s0 = place(operands.strip(column, Float.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Float.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Float.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Float.BYTES));
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int inputs = operands.inputs;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < inputs; first += WorkerScratch.CHAIN_INPUTS) {
            int end = Math.min(inputs, first + WorkerScratch.CHAIN_INPUTS);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int k = first; k < end; k += step) {
                FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, x0 + (long) k * Float.BYTES));
                long row = k * STRIP_BYTES;
                a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + row, LITTLE)
                        .fma(v, a0);
                a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + row, LITTLE)
                        .fma(v, a1);
                a2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2 + row, LITTLE)
                        .fma(v, a2);
                a3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3 + row, LITTLE)
                        .fma(v, a3);
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

    @Override
    public void widen(KernelOperands operands, int column) {
        long source = place(operands.strip(column, Float.BYTES));
        long target = place(operands.widened(column));
        int inputs = operands.inputs;
        for (int k = 0; k < inputs; k++) {
            FloatVector.fromMemorySegment(FLOATS, ALL, source + k * STRIP_BYTES, LITTLE)
                    .intoMemorySegment(ALL, target + k * PANEL_STEP, LITTLE);
        }
    }
}
