package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of a widened panel of 64 weight rows with many tokens, by register tiles of four vectors of rows and six,
 * two or one tokens. The height of a tile changes no bit: each (row, token) has a chain of its own.
 *
 * <p>The tiles are long on purpose. Each sum is a local variable, as vectors in an array or a field would live in memory;
 * and the Vector API is called directly, as the compiler always inlines its methods but, in a body of this size, no longer
 * ours, and a vector that crosses a call is boxed. Nor may they grow: the profiling compiler gives up on a larger body
 * ("out of virtual registers"), which can leave it a hundred times slower for good. So the sums of a tile are only stored
 * here and added to the totals by a method of its own.
 */
final class PanelTiles {
    private static final int COLUMNS = 4 * Lanes.COUNT;
    private static final long ROW_BYTES = WorkerScratch.ROW_BYTES;
    /** Machines of 256 bits have 16 vector registers, too few for 24 sums. */
    static final int HEIGHT = Lanes.COUNT == 8 ? 2 : 6;

    private PanelTiles() {}

    /** Adds the block's products to the totals of {@code tokens} tokens. */
    static void multiply(KernelOperands operands, int tokens) {
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

    private static void multiplyTile(KernelOperands operands, int token, int height) {
        for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += COLUMNS) {
            switch (height) {
                case 6 -> multiplySix(operands, column, token);
                case 2 -> multiplyTwo(operands, column, token);
                default -> multiplyOne(operands, column, token);
            }
            addTile(operands, column, token, height);
        }
    }

    private static void addTile(KernelOperands operands, int column, int token, int height) {
        long totals = operands.totalsOffset + token * ROW_BYTES + (long) column * Float.BYTES;
        for (int row = 0; row < height; row++) {
            for (int vector = 0; vector < 4; vector++) {
                long offset = row * ROW_BYTES + vector * VECTOR_BYTES;
                FloatVector sum = Lanes.load(operands.scratch, WorkerScratch.TILE + offset);
                Lanes.store(Lanes.load(operands.scratch, totals + offset).add(sum), operands.scratch, totals + offset);
            }
        }
    }

    private static void multiplySix(KernelOperands operands, int column, int token) {
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int inputs = operands.inputs;
        long stride = operands.xStride;
        long x0 = operands.xOffset + token * stride;
        long panel = WorkerScratch.PANEL + (long) column * Float.BYTES;
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
        FloatVector a4 = FloatVector.zero(FLOATS);
        FloatVector b4 = FloatVector.zero(FLOATS);
        FloatVector c4 = FloatVector.zero(FLOATS);
        FloatVector d4 = FloatVector.zero(FLOATS);
        FloatVector a5 = FloatVector.zero(FLOATS);
        FloatVector b5 = FloatVector.zero(FLOATS);
        FloatVector c5 = FloatVector.zero(FLOATS);
        FloatVector d5 = FloatVector.zero(FLOATS);
        for (int k = 0; k < inputs; k++) {
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
            FloatVector v4 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place + 4 * stride));
            a4 = wa.fma(v4, a4);
            b4 = wb.fma(v4, b4);
            c4 = wc.fma(v4, c4);
            d4 = wd.fma(v4, d4);
            FloatVector v5 = FloatVector.broadcast(FLOATS, x.get(FLOAT, place + 5 * stride));
            a5 = wa.fma(v5, a5);
            b5 = wb.fma(v5, b5);
            c5 = wc.fma(v5, c5);
            d5 = wd.fma(v5, d5);
        }
        long sums = WorkerScratch.TILE;
        a0.intoMemorySegment(scratch, sums, LITTLE);
        b0.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
        sums += ROW_BYTES;
        a1.intoMemorySegment(scratch, sums, LITTLE);
        b1.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
        sums += ROW_BYTES;
        a2.intoMemorySegment(scratch, sums, LITTLE);
        b2.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c2.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d2.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
        sums += ROW_BYTES;
        a3.intoMemorySegment(scratch, sums, LITTLE);
        b3.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c3.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d3.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
        sums += ROW_BYTES;
        a4.intoMemorySegment(scratch, sums, LITTLE);
        b4.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c4.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d4.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
        sums += ROW_BYTES;
        a5.intoMemorySegment(scratch, sums, LITTLE);
        b5.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c5.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d5.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void multiplyTwo(KernelOperands operands, int column, int token) {
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int inputs = operands.inputs;
        long stride = operands.xStride;
        long x0 = operands.xOffset + token * stride;
        long panel = WorkerScratch.PANEL + (long) column * Float.BYTES;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector b1 = FloatVector.zero(FLOATS);
        FloatVector c1 = FloatVector.zero(FLOATS);
        FloatVector d1 = FloatVector.zero(FLOATS);
        for (int k = 0; k < inputs; k++) {
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
        long sums = WorkerScratch.TILE;
        a0.intoMemorySegment(scratch, sums, LITTLE);
        b0.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
        sums += ROW_BYTES;
        a1.intoMemorySegment(scratch, sums, LITTLE);
        b1.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void multiplyOne(KernelOperands operands, int column, int token) {
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int inputs = operands.inputs;
        long stride = operands.xStride;
        long x0 = operands.xOffset + token * stride;
        long panel = WorkerScratch.PANEL + (long) column * Float.BYTES;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        for (int k = 0; k < inputs; k++) {
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
        long sums = WorkerScratch.TILE;
        a0.intoMemorySegment(scratch, sums, LITTLE);
        b0.intoMemorySegment(scratch, sums + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(scratch, sums + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(scratch, sums + 3 * VECTOR_BYTES, LITTLE);
    }
}
