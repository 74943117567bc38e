package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** The product of activations with a packed weight matrix. */
public final class MatMul {
    /**
     * Up to this many tokens are multiplied one by one, straight from the packed weights; from there on it is faster to
     * widen each weight once.
     */
    private static final int FEW_TOKENS = 3;

    /** Enough parts for each thread that the last ones to finish differ little. */
    private static final int PARTS_PER_THREAD = 4;

    /** A part of fewer tokens spends too much of its time on widening the weights. */
    private static final int LEAST_TOKENS = 48;

    private MatMul() {}

    /**
     * Computes {@code y[t][o] = sum over k of x[t][k] * w[o][k]} in the canonical order, which depends on no other token
     * and on no number of threads.
     *
     * @param x [tokens, inputs]
     * @param w [outputs, inputs]
     * @param y [tokens, outputs], in memory of its own
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void multiply(FloatMatrix x, PackedWeights w, FloatMatrix y, WorkPool pool) {
        x.requireShape("x", x.rows(), w.inputs());
        y.requireShape("y", x.rows(), w.outputs());
        int tokens = x.rows();
        if (tokens == 0) {
            return;
        }
        int height = tokensPerPart(tokens, w.panels(), pool.threads());
        int stripes = Math.ceilDiv(tokens, height);
        long operations = (long) tokens * w.outputs() * w.inputs();
        pool.forEach(w.panels() * stripes, operations, (part, worker) -> {
            int from = part % stripes * height;
            int count = Math.min(height, tokens - from);
            multiplyPanel(x, w, y, part / stripes, from, count, pool.scratch(worker));
        });
    }

    private static int tokensPerPart(int tokens, int panels, int threads) {
        int height = Math.min(tokens, WorkerScratch.MAXIMAL_TOKENS);
        while (height > LEAST_TOKENS && panels * Math.ceilDiv(tokens, height) < PARTS_PER_THREAD * threads) {
            height = Math.ceilDiv(height / 2, PanelTiles.HEIGHT) * PanelTiles.HEIGHT;
        }
        return height;
    }

    private static void multiplyPanel(
            FloatMatrix x, PackedWeights w, FloatMatrix y, int panel, int from, int tokens, WorkerScratch scratch) {
        KernelOperands operands = scratch.operands();
        MemorySegment memory = scratch.memory();
        memory.asSlice(WorkerScratch.TOTALS, tokens * WorkerScratch.ROW_BYTES).fill((byte) 0);
        operands.x = x.data();
        operands.xStride = x.rowBytes();
        for (int first = 0; first < w.inputs(); first += WorkerScratch.BLOCK_INPUTS) {
            w.place(operands, panel, first);
            operands.xOffset = from * x.rowBytes() + (long) first * Float.BYTES;
            operands.totalsOffset = WorkerScratch.TOTALS;
            if (tokens <= FEW_TOKENS) {
                multiplyEach(operands, w.format(), tokens);
            } else {
                w.format().widen(operands);
                PanelTiles.multiply(operands, tokens);
            }
        }
        int output = panel * WorkerScratch.PANEL_ROWS;
        long bytes = (long) Math.min(WorkerScratch.PANEL_ROWS, w.outputs() - output) * Float.BYTES;
        for (int token = 0; token < tokens; token++) {
            long source = WorkerScratch.TOTALS + token * WorkerScratch.ROW_BYTES;
            long target = (from + token) * y.rowBytes() + (long) output * Float.BYTES;
            MemorySegment.copy(memory, source, y.data(), target, bytes);
        }
    }

    private static void multiplyEach(KernelOperands operands, PackedFormat format, int tokens) {
        for (int token = 0; token < tokens; token++) {
            format.multiply(operands);
            operands.xOffset += operands.xStride;
            operands.totalsOffset += WorkerScratch.ROW_BYTES;
        }
    }
}
