package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    /** Kept for each calling thread, so that a product allocates nothing. */
    private static final ThreadLocal<Product> PRODUCT = ThreadLocal.withInitial(Product::new);

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
        Product product = PRODUCT.get();
        product.set(x, w, y, pool, height, stripes);
        try {
            pool.forEach(w.panels() * stripes, operations, product);
        } finally {
            product.clear();
        }
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
        Lanes.clear(memory, WorkerScratch.TOTALS, tokens * WorkerScratch.ROW_BYTES);
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
                PanelTiles.multiply(operands, w.format().chainInputs(), tokens);
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

    /** The parts of one product: panels of the weights times stripes of the tokens. */
    private static final class Product implements WorkPool.Part {
        private @Nullable FloatMatrix x;
        private @Nullable PackedWeights w;
        private @Nullable FloatMatrix y;
        private @Nullable WorkPool pool;
        private int height;
        private int stripes;

        void set(FloatMatrix x, PackedWeights w, FloatMatrix y, WorkPool pool, int height, int stripes) {
            this.x = x;
            this.w = w;
            this.y = y;
            this.pool = pool;
            this.height = height;
            this.stripes = stripes;
        }

        void clear() {
            x = null;
            w = null;
            y = null;
            pool = null;
        }

        @Override
        public void run(int part, int worker) {
            FloatMatrix input = Objects.requireNonNull(x);
            int from = part % stripes * height;
            int count = Math.min(height, input.rows() - from);
            WorkerScratch scratch = Objects.requireNonNull(pool).scratch(worker);
            multiplyPanel(
                    input, Objects.requireNonNull(w), Objects.requireNonNull(y), part / stripes, from, count, scratch);
        }
    }
}
