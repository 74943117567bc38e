package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of a widened panel of 64 weight rows with many tokens, by register tiles of four vectors of rows and four,
 * two or one tokens. The height of a tile changes no bit: each (row, token) has a chain of its own, which is closed after
 * the inputs that share a scale.
 *
 * <p>The tiles are long on purpose. Each sum is a local variable, as vectors in an array or a field would live in memory;
 * and the Vector API is called directly, as the compiler always inlines its methods but, in a body of this size, no longer
 * ours, and a vector that crosses a call is boxed. Nor may they grow: the profiling compiler gives up on a larger body
 * ("out of virtual registers"), which can leave it a hundred times slower for good. So the tiles only store the sums of
 * their chains, and a method of its own joins them to the totals.
 */
final class PanelTiles {
    private static final int COLUMNS = 4 * Lanes.COUNT;

    /** Machines of 256 bits have 16 vector registers, too few for 16 sums. */
    static final int HEIGHT = Lanes.COUNT == 8 ? 2 : 4;

    /** Inputs of the panel that one pass over the tokens takes: 32 KiB, about what a first-level cache holds. */
    static final int PASS_INPUTS = 128;

    private PanelTiles() {}

    /** Adds the block's products to the totals of {@code tokens} tokens, a chain being {@code chainInputs} long. */
    static void multiply(KernelOperands operands, int chainInputs, int tokens) {
        operands.chainInputs = chainInputs;
        for (int first = 0; first < operands.inputs; first += PASS_INPUTS) {
            operands.firstInput = first;
            operands.endInput = Math.min(operands.inputs, first + PASS_INPUTS);
            int token = 0;
            for (; token <= tokens - HEIGHT; token += HEIGHT) {
                multiplyTile(operands, token, HEIGHT);
            }
            for (; token <= tokens - 2; token += 2) {
                multiplyTile(operands, token, 2);
            }
            if (token < tokens) {
                multiplyTile(operands, token, 1);
            }
        }
    }

    private static void multiplyTile(KernelOperands operands, int token, int height) {
        for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += COLUMNS) {
            switch (height) {
                case 4 -> multiplyFour(operands, column, token);
                case 2 -> multiplyTwo(operands, column, token);
                default -> multiplyOne(operands, column, token);
            }
            joinChains(operands, column, token, height);
        }
    }

    private static void multiplyFour(KernelOperands operands, int column, int token) {
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int chainInputs = operands.chainInputs;
        int last = operands.endInput;
        long stride = operands.xStride;
        long x0 = operands.xOffset + token * operands.xStride;
        long panel = WorkerScratch.PANEL + (long) column * Float.BYTES;
        long sums = WorkerScratch.TILE;
        for (int first = operands.firstInput; first < last; first += chainInputs) {
            int end = Math.min(last, first + chainInputs);
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
                long row = panel + k * ROW_BYTES;
                long place = x0 + (long) k * Float.BYTES;
                FloatVector wa = FloatVector.fromMemorySegment(FLOATS, scratch, row, LITTLE);
                FloatVector wb = FloatVector.fromMemorySegment(FLOATS, scratch, row + VECTOR_BYTES, LITTLE);
                FloatVector wc = FloatVector.fromMemorySegment(FLOATS, scratch, row + 2 * VECTOR_BYTES, LITTLE);
                FloatVector wd = FloatVector.fromMemorySegment(FLOATS, scratch, row + 3 * VECTOR_BYTES, LITTLE);
                FloatVector v0 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place));
                a0 = wa.fma(v0, a0);
                b0 = wb.fma(v0, b0);
                c0 = wc.fma(v0, c0);
                d0 = wd.fma(v0, d0);
                FloatVector v1 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place + stride));
                a1 = wa.fma(v1, a1);
                b1 = wb.fma(v1, b1);
                c1 = wc.fma(v1, c1);
                d1 = wd.fma(v1, d1);
                FloatVector v2 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place + 2 * stride));
                a2 = wa.fma(v2, a2);
                b2 = wb.fma(v2, b2);
                c2 = wc.fma(v2, c2);
                d2 = wd.fma(v2, d2);
                FloatVector v3 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place + 3 * stride));
                a3 = wa.fma(v3, a3);
                b3 = wb.fma(v3, b3);
                c3 = wc.fma(v3, c3);
                d3 = wd.fma(v3, d3);
            }
            a0.intoMemorySegment(scratch, sums, LITTLE);
            b0.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
            c0.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
            d0.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
            a1.intoMemorySegment(scratch, sums + ROW_BYTES, LITTLE);
            b1.intoMemorySegment(scratch, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            c1.intoMemorySegment(scratch, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d1.intoMemorySegment(scratch, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            a2.intoMemorySegment(scratch, sums + 2 * ROW_BYTES, LITTLE);
            b2.intoMemorySegment(scratch, sums + 2 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            c2.intoMemorySegment(scratch, sums + 2 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d2.intoMemorySegment(scratch, sums + 2 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            a3.intoMemorySegment(scratch, sums + 3 * ROW_BYTES, LITTLE);
            b3.intoMemorySegment(scratch, sums + 3 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            c3.intoMemorySegment(scratch, sums + 3 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d3.intoMemorySegment(scratch, sums + 3 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }

    private static void multiplyTwo(KernelOperands operands, int column, int token) {
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int chainInputs = operands.chainInputs;
        int last = operands.endInput;
        long stride = operands.xStride;
        long x0 = operands.xOffset + token * operands.xStride;
        long panel = WorkerScratch.PANEL + (long) column * Float.BYTES;
        long sums = WorkerScratch.TILE;
        for (int first = operands.firstInput; first < last; first += chainInputs) {
            int end = Math.min(last, first + chainInputs);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector c0 = FloatVector.zero(FLOATS);
            FloatVector d0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector b1 = FloatVector.zero(FLOATS);
            FloatVector c1 = FloatVector.zero(FLOATS);
            FloatVector d1 = FloatVector.zero(FLOATS);
            for (int k = first; k < end; k++) {
                long row = panel + k * ROW_BYTES;
                long place = x0 + (long) k * Float.BYTES;
                FloatVector wa = FloatVector.fromMemorySegment(FLOATS, scratch, row, LITTLE);
                FloatVector wb = FloatVector.fromMemorySegment(FLOATS, scratch, row + VECTOR_BYTES, LITTLE);
                FloatVector wc = FloatVector.fromMemorySegment(FLOATS, scratch, row + 2 * VECTOR_BYTES, LITTLE);
                FloatVector wd = FloatVector.fromMemorySegment(FLOATS, scratch, row + 3 * VECTOR_BYTES, LITTLE);
                FloatVector v0 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place));
                a0 = wa.fma(v0, a0);
                b0 = wb.fma(v0, b0);
                c0 = wc.fma(v0, c0);
                d0 = wd.fma(v0, d0);
                FloatVector v1 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place + stride));
                a1 = wa.fma(v1, a1);
                b1 = wb.fma(v1, b1);
                c1 = wc.fma(v1, c1);
                d1 = wd.fma(v1, d1);
            }
            a0.intoMemorySegment(scratch, sums, LITTLE);
            b0.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
            c0.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
            d0.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
            a1.intoMemorySegment(scratch, sums + ROW_BYTES, LITTLE);
            b1.intoMemorySegment(scratch, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            c1.intoMemorySegment(scratch, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d1.intoMemorySegment(scratch, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }

    private static void multiplyOne(KernelOperands operands, int column, int token) {
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int chainInputs = operands.chainInputs;
        int last = operands.endInput;
        long x0 = operands.xOffset + token * operands.xStride;
        long panel = WorkerScratch.PANEL + (long) column * Float.BYTES;
        long sums = WorkerScratch.TILE;
        for (int first = operands.firstInput; first < last; first += chainInputs) {
            int end = Math.min(last, first + chainInputs);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector c0 = FloatVector.zero(FLOATS);
            FloatVector d0 = FloatVector.zero(FLOATS);
            for (int k = first; k < end; k++) {
                long row = panel + k * ROW_BYTES;
                long place = x0 + (long) k * Float.BYTES;
                FloatVector wa = FloatVector.fromMemorySegment(FLOATS, scratch, row, LITTLE);
                FloatVector wb = FloatVector.fromMemorySegment(FLOATS, scratch, row + VECTOR_BYTES, LITTLE);
                FloatVector wc = FloatVector.fromMemorySegment(FLOATS, scratch, row + 2 * VECTOR_BYTES, LITTLE);
                FloatVector wd = FloatVector.fromMemorySegment(FLOATS, scratch, row + 3 * VECTOR_BYTES, LITTLE);
                FloatVector v0 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place));
                a0 = wa.fma(v0, a0);
                b0 = wb.fma(v0, b0);
                c0 = wc.fma(v0, c0);
                d0 = wd.fma(v0, d0);
            }
            a0.intoMemorySegment(scratch, sums, LITTLE);
            b0.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
            c0.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
            d0.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }

    /** Joins the chains of a tile, ascending, to the totals. */
    private static void joinChains(KernelOperands operands, int column, int token, int height) {
        long totals = operands.totalsOffset + token * ROW_BYTES + (long) column * Float.BYTES;
        int firstChain = operands.firstInput / operands.chainInputs;
        int chains = Math.ceilDiv(operands.endInput - operands.firstInput, operands.chainInputs);
        long scales = WorkerScratch.SCALES + firstChain * ROW_BYTES + (long) column * Float.BYTES;
        for (int row = 0; row < height; row++) {
            for (int vector = 0; vector < 4; vector++) {
                joinVector(
                        operands.scratch,
                        scales + vector * VECTOR_BYTES,
                        WorkerScratch.TILE + row * ROW_BYTES + vector * VECTOR_BYTES,
                        totals + row * ROW_BYTES + vector * VECTOR_BYTES,
                        chains);
            }
        }
    }

    private static void joinVector(MemorySegment scratch, long scales, long sums, long totals, int chains) {
        FloatVector total = FloatVector.fromMemorySegment(FLOATS, scratch, totals, LITTLE);
        for (int chain = 0; chain < chains; chain++) {
            FloatVector scale = FloatVector.fromMemorySegment(FLOATS, scratch, scales + chain * ROW_BYTES, LITTLE);
            FloatVector sum =
                    FloatVector.fromMemorySegment(FLOATS, scratch, sums + chain * WorkerScratch.TILE_BYTES, LITTLE);
            total = sum.fma(scale, total);
        }
        total.intoMemorySegment(scratch, totals, LITTLE);
    }
}
