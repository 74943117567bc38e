package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import jdk.incubator.vector.FloatVector;

/** Adds the minimums of a block, times the sums of the activations that they belong to, to the totals of tokens. */
final class Minimums {
    private Minimums() {}

    /**
     * Adds the minimums in the scratch memory.
     *
     * @param sums address of the sums of the first token's activations in the block, for each 32 inputs
     * @param stride bytes from a token's sums to the next token's
     */
    static void add(KernelOperands operands, long sums, long stride, int tokens) {
        int blocks = operands.inputs / BlockScales.QUANTS;
        for (int token = 0; token < tokens; token++) {
            for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += 4 * Lanes.COUNT) {
                long shift = (long) column * Float.BYTES;
                addColumns(
                        operands.scratch + WorkerScratch.MINIMUMS + shift,
                        sums + token * stride,
                        operands.totals + token * ROW_BYTES + shift,
                        blocks);
            }
        }
    }

    private static void addColumns(long minimums, long sums, long totals, int blocks) {
        long row = place(minimums);
        long sum = place(sums);
        long total = place(totals);
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, total, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, total + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, total + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, total + 3 * VECTOR_BYTES, LITTLE);
        for (int block = 0; block < blocks; block++) {
            FloatVector s = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, sum + (long) block * Float.BYTES));
            long place = row + block * ROW_BYTES;
            t0 = FloatVector.fromMemorySegment(FLOATS, ALL, place, LITTLE).fma(s, t0);
            t1 = FloatVector.fromMemorySegment(FLOATS, ALL, place + VECTOR_BYTES, LITTLE)
                    .fma(s, t1);
            t2 = FloatVector.fromMemorySegment(FLOATS, ALL, place + 2 * VECTOR_BYTES, LITTLE)
                    .fma(s, t2);
            t3 = FloatVector.fromMemorySegment(FLOATS, ALL, place + 3 * VECTOR_BYTES, LITTLE)
                    .fma(s, t3);
        }
        t0.intoMemorySegment(ALL, total, LITTLE);
        t1.intoMemorySegment(ALL, total + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, total + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, total + 3 * VECTOR_BYTES, LITTLE);
    }
}
