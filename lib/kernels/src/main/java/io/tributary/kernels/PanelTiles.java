package io.tributary.kernels;

import static io.tributary.kernels.ActivationTiles.TOKENS;
import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.WorkerScratch.CHAIN_INPUTS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * The product of a widened panel of 64 weight rows with many tokens, by register tiles of four vectors of rows and four,
 * two or one tokens. The height of a tile changes no bit: each (row, token) has a chain of its own.
 *
 * <p>The tiles are long on purpose. Each sum is a local variable, as vectors in an array or a field would live in memory;
 * and the Vector API is called directly, as the compiler always inlines its methods but, in a body of this size, no longer
 * ours, and a vector that crosses a call is boxed. Nor may they grow: the profiling compiler gives up on a larger body
 * ("out of virtual registers"), which can leave it a hundred times slower for good. So the tiles only store the sums of
 * their chains, and a method of its own joins them to the totals.
 */
final class PanelTiles {
    /** Rows that a kernel takes together. */
    static final int COLUMNS = 4 * Lanes.COUNT;

    /** Bytes from one input to the next of the widened weights: a tile's rows stand together, so that they fit a first-level cache. */
    static final long PANEL_STEP = (long) COLUMNS * Float.BYTES;

    /**
     * Machines of 256 bits have 16 vector registers: too few for 16 sums, and for the loads of an unrolled loop, which would
     * drive the sums into memory.
     */
    static final boolean FEW_REGISTERS = Lanes.COUNT == 8;

    private static final int HEIGHT = FEW_REGISTERS ? 2 : TOKENS;

    private PanelTiles() {}

    /** Widens the block, whose scales have been widened, and adds its products to the totals of some tokens. */
    static void multiply(KernelOperands operands, PackedFormat format, int tokens) {
        for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += Lanes.COUNT) {
            format.widen(operands, column);
        }
        // A chain's weights of a tile's rows, at most 32 KiB, stay in a first-level cache while the tokens pass.
        for (int first = 0; first < operands.inputs; first += CHAIN_INPUTS) {
            operands.firstInput = first;
            operands.endInput = Math.min(operands.inputs, first + CHAIN_INPUTS);
            for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += COLUMNS) {
                for (int token = 0; token < tokens; token += TOKENS) {
                    multiplyTile(operands, column, token, Math.min(TOKENS, tokens - token));
                }
            }
        }
    }

    /** As {@link #multiply}, but straight from the packed block, which is not widened. */
    static void multiplyPacked(KernelOperands operands, PackedFormat format, int tokens) {
        operands.firstInput = 0;
        operands.endInput = operands.inputs;
        for (int token = 0; token < tokens; token += TOKENS) {
            operands.tokens = Math.min(TOKENS, tokens - token);
            for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += COLUMNS) {
                format.multiplyTile(operands, tile(operands, token), column);
                joinChains(operands, column, token, operands.tokens);
            }
        }
    }

    private static void multiplyTile(KernelOperands operands, int column, int firstToken, int tokens) {
        int token = 0;
        for (; token <= tokens - HEIGHT; token += HEIGHT) {
            multiplyColumns(operands, column, firstToken, token, HEIGHT);
        }
        for (; token <= tokens - 2; token += 2) {
            multiplyColumns(operands, column, firstToken, token, 2);
        }
        if (token < tokens) {
            multiplyColumns(operands, column, firstToken, token, 1);
        }
    }

    private static void multiplyColumns(KernelOperands operands, int column, int firstToken, int token, int height) {
        long x = tile(operands, firstToken) + (long) token * Float.BYTES;
        switch (height) {
            case 4 -> multiplyFour(operands, column, x);
            case 2 -> multiplyTwo(operands, column, x);
            default -> multiplyOne(operands, column, x);
        }
        joinChains(operands, column, firstToken + token, height);
    }

    /** The address of the tile of activations that begins with a token. */
    private static long tile(KernelOperands operands, int firstToken) {
        return operands.x + (long) firstToken * operands.inputs * Float.BYTES;
    }

    private static void multiplyFour(KernelOperands operands, int column, long x) {
        int first = operands.firstInput;
        int end = operands.endInput;
        long panel = place(operands.widened(column));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
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
            long row = panel + k * PANEL_STEP;
            long place = x0 + k * ActivationTiles.STEP;
            FloatVector wa = FloatVector.fromMemorySegment(FLOATS, ALL, row, LITTLE);
            FloatVector wb = FloatVector.fromMemorySegment(FLOATS, ALL, row + VECTOR_BYTES, LITTLE);
            FloatVector wc = FloatVector.fromMemorySegment(FLOATS, ALL, row + 2 * VECTOR_BYTES, LITTLE);
            FloatVector wd = FloatVector.fromMemorySegment(FLOATS, ALL, row + 3 * VECTOR_BYTES, LITTLE);
            FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
            a0 = wa.fma(v0, a0);
            b0 = wb.fma(v0, b0);
            c0 = wc.fma(v0, c0);
            d0 = wd.fma(v0, d0);
            FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
            a1 = wa.fma(v1, a1);
            b1 = wb.fma(v1, b1);
            c1 = wc.fma(v1, c1);
            d1 = wd.fma(v1, d1);
            FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
            a2 = wa.fma(v2, a2);
            b2 = wb.fma(v2, b2);
            c2 = wc.fma(v2, c2);
            d2 = wd.fma(v2, d2);
            FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
            a3 = wa.fma(v3, a3);
            b3 = wb.fma(v3, b3);
            c3 = wc.fma(v3, c3);
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
    }

    private static void multiplyTwo(KernelOperands operands, int column, long x) {
        int first = operands.firstInput;
        int end = operands.endInput;
        int step = FEW_REGISTERS ? operands.step : 1;
        long panel = place(operands.widened(column));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector b1 = FloatVector.zero(FLOATS);
        FloatVector c1 = FloatVector.zero(FLOATS);
        FloatVector d1 = FloatVector.zero(FLOATS);
        for (int k = first; k < end; k += step) {
            long row = panel + k * PANEL_STEP;
            long place = x0 + k * ActivationTiles.STEP;
            FloatVector wa = FloatVector.fromMemorySegment(FLOATS, ALL, row, LITTLE);
            FloatVector wb = FloatVector.fromMemorySegment(FLOATS, ALL, row + VECTOR_BYTES, LITTLE);
            FloatVector wc = FloatVector.fromMemorySegment(FLOATS, ALL, row + 2 * VECTOR_BYTES, LITTLE);
            FloatVector wd = FloatVector.fromMemorySegment(FLOATS, ALL, row + 3 * VECTOR_BYTES, LITTLE);
            FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
            a0 = wa.fma(v0, a0);
            b0 = wb.fma(v0, b0);
            c0 = wc.fma(v0, c0);
            d0 = wd.fma(v0, d0);
            FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
            a1 = wa.fma(v1, a1);
            b1 = wb.fma(v1, b1);
            c1 = wc.fma(v1, c1);
            d1 = wd.fma(v1, d1);
        }
        a0.intoMemorySegment(ALL, sums, LITTLE);
        b0.intoMemorySegment(ALL, sums + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, sums + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, sums + 3 * VECTOR_BYTES, LITTLE);
        a1.intoMemorySegment(ALL, sums + ROW_BYTES, LITTLE);
        b1.intoMemorySegment(ALL, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(ALL, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(ALL, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void multiplyOne(KernelOperands operands, int column, long x) {
        int first = operands.firstInput;
        int end = operands.endInput;
        int step = FEW_REGISTERS ? operands.step : 1;
        long panel = place(operands.widened(column));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        for (int k = first; k < end; k += step) {
            long row = panel + k * PANEL_STEP;
            long place = x0 + k * ActivationTiles.STEP;
            FloatVector wa = FloatVector.fromMemorySegment(FLOATS, ALL, row, LITTLE);
            FloatVector wb = FloatVector.fromMemorySegment(FLOATS, ALL, row + VECTOR_BYTES, LITTLE);
            FloatVector wc = FloatVector.fromMemorySegment(FLOATS, ALL, row + 2 * VECTOR_BYTES, LITTLE);
            FloatVector wd = FloatVector.fromMemorySegment(FLOATS, ALL, row + 3 * VECTOR_BYTES, LITTLE);
            FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
            a0 = wa.fma(v0, a0);
            b0 = wb.fma(v0, b0);
            c0 = wc.fma(v0, c0);
            d0 = wd.fma(v0, d0);
        }
        a0.intoMemorySegment(ALL, sums, LITTLE);
        b0.intoMemorySegment(ALL, sums + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, sums + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, sums + 3 * VECTOR_BYTES, LITTLE);
    }

    /** Joins the chains of the tokens of a tile, ascending, to their totals. */
    private static void joinChains(KernelOperands operands, int column, int firstToken, int tokens) {
        for (int row = 0; row < tokens; row++) {
            long totals = operands.totals + (firstToken + row) * ROW_BYTES + (long) column * Float.BYTES;
            joinToken(operands, totals, operands.scratch + WorkerScratch.TILE + row * ROW_BYTES);
        }
    }

    private static void joinToken(KernelOperands operands, long totalsOfToken, long sumsOfToken) {
        int chains = Math.ceilDiv(operands.endInput - operands.firstInput, CHAIN_INPUTS);
        long sums = place(sumsOfToken);
        long totals = place(totalsOfToken);
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int chain = 0; chain < chains; chain++) {
            long sum = sums + chain * WorkerScratch.TILE_BYTES;
            t0 = t0.add(FloatVector.fromMemorySegment(FLOATS, ALL, sum, LITTLE));
            t1 = t1.add(FloatVector.fromMemorySegment(FLOATS, ALL, sum + VECTOR_BYTES, LITTLE));
            t2 = t2.add(FloatVector.fromMemorySegment(FLOATS, ALL, sum + 2 * VECTOR_BYTES, LITTLE));
            t3 = t3.add(FloatVector.fromMemorySegment(FLOATS, ALL, sum + 3 * VECTOR_BYTES, LITTLE));
        }
        t0.intoMemorySegment(ALL, totals, LITTLE);
        t1.intoMemorySegment(ALL, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, totals + 3 * VECTOR_BYTES, LITTLE);
    }
}
