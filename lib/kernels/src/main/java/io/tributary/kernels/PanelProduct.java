package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A product as parts that threads share: panels of the weights times stripes of the tokens. */
final class PanelProduct implements WorkPool.Part {
    /** Enough parts for each thread that the last ones to finish differ little. */
    private static final int PARTS_PER_THREAD = 4;

    /** A part of fewer tokens spends too much of its time on widening the weights. */
    private static final int LEAST_TOKENS = 48;

    private final ActivationTiles tiles = new ActivationTiles();
    private @Nullable FloatMatrix x;
    private @Nullable PackedWeights w;
    private @Nullable PackedFormat format;
    private @Nullable FloatMatrix y;
    private @Nullable WorkPool pool;
    private boolean tiled;
    private int height;
    private int stripes;

    /** Computes what {@link MatMul#multiply} promises. */
    void compute(FloatMatrix x, PackedWeights w, PackedFormat format, FloatMatrix y, WorkPool pool) {
        this.x = x;
        this.w = w;
        this.format = format;
        this.y = y;
        this.pool = pool;
        tiled = x.rows() > format.singleTokens() || !format.streams(w.inputs());
        height = tokensPerPart(x.rows(), w.panels(), pool.threads());
        stripes = Math.ceilDiv(x.rows(), height);
        try {
            if (tiled) {
                tiles.pack(x, pool);
            }
            pool.forEach(w.panels() * stripes, (long) x.rows() * w.outputs() * w.inputs(), this);
        } finally {
            clear();
        }
    }

    @Override
    public void run(int part, int worker) {
        FloatMatrix target = Objects.requireNonNull(y);
        PackedWeights weights = Objects.requireNonNull(w);
        PackedFormat packed = Objects.requireNonNull(format);
        WorkerScratch scratch = Objects.requireNonNull(pool).scratch(worker);
        int panel = part / stripes;
        int from = part % stripes * height;
        int tokens = Math.min(height, target.rows() - from);
        Lanes.clear(scratch.memory(), WorkerScratch.TOTALS, tokens * WorkerScratch.ROW_BYTES);
        KernelOperands operands = scratch.operands();
        operands.stripBytes = packed.quantBytes(weights.inputs());
        long address = weights.panel(panel);
        for (int first = 0; first < weights.inputs(); first += WorkerScratch.SPAN_INPUTS) {
            int end = Math.min(weights.inputs(), first + WorkerScratch.SPAN_INPUTS);
            if (tiled) {
                multiplyTiles(operands, address, first, end, from, tokens);
            } else {
                multiplyEach(operands, address, first, end, from, tokens);
            }
        }
        copyTotals(scratch.memory(), target, panel * WorkerScratch.PANEL_ROWS, from, tokens);
    }

    private static int tokensPerPart(int tokens, int panels, int threads) {
        int height = Math.min(tokens, WorkerScratch.MAXIMAL_TOKENS);
        while (height > LEAST_TOKENS && panels * Math.ceilDiv(tokens, height) < PARTS_PER_THREAD * threads) {
            height = Math.ceilDiv(height / 2, ActivationTiles.TOKENS) * ActivationTiles.TOKENS;
        }
        return height;
    }

    private void multiplyTiles(
            KernelOperands operands, long panel, int firstInput, int endInput, int from, int tokens) {
        PackedFormat packed = Objects.requireNonNull(format);
        operands.totals = operands.scratch + WorkerScratch.TOTALS;
        for (int first = firstInput; first < endInput; first += WorkerScratch.BLOCK_INPUTS) {
            widenScales(operands, panel, firstInput, first, endInput);
            operands.quants = quants(panel, first);
            operands.x = tiles.address(first, operands.inputs, from / ActivationTiles.TOKENS);
            if (tokens <= packed.packedTokens()) {
                PanelTiles.multiplyPacked(operands, packed, tokens);
            } else {
                PanelTiles.multiply(operands, packed, tokens);
            }
        }
    }

    private void multiplyEach(KernelOperands operands, long panel, int firstInput, int endInput, int from, int tokens) {
        FloatMatrix input = Objects.requireNonNull(x);
        PackedFormat packed = Objects.requireNonNull(format);
        if (packed.scaleBytes(endInput) > 0) {
            for (int first = firstInput; first < endInput; first += WorkerScratch.BLOCK_INPUTS) {
                widenScales(operands, panel, firstInput, first, endInput);
            }
        }
        placeScales(operands, 0);
        operands.quants = quants(panel, firstInput);
        operands.inputs = endInput - firstInput;
        for (int token = 0; token < tokens; token++) {
            long offset = (from + token) * input.rowBytes() + (long) firstInput * Float.BYTES;
            operands.x = NativeMemory.address(input.data(), offset, (long) operands.inputs * Float.BYTES);
            operands.totals = operands.scratch + WorkerScratch.TOTALS + token * WorkerScratch.ROW_BYTES;
            for (int column = 0; column < WorkerScratch.PANEL_ROWS; column += PanelTiles.COLUMNS) {
                packed.multiply(operands, column);
            }
        }
    }

    /** Widens the scales of a block to its place among those of the span, and sets the operands to the block's inputs. */
    private void widenScales(KernelOperands operands, long panel, int firstOfSpan, int first, int endInput) {
        PackedFormat packed = Objects.requireNonNull(format);
        int before = first - firstOfSpan;
        operands.inputs = Math.min(WorkerScratch.BLOCK_INPUTS, endInput - first);
        operands.packedScales = panel + packed.scaleBytes(first);
        placeScales(operands, before / packed.scales().inputs());
        packed.scales().widen(operands);
    }

    private static void placeScales(KernelOperands operands, int index) {
        operands.scales = operands.scratch + WorkerScratch.SCALES + index * WorkerScratch.ROW_BYTES;
        operands.minimums = operands.scratch + WorkerScratch.MINIMUMS + index * WorkerScratch.ROW_BYTES;
    }

    /** The address of an input in the first strip of a panel. */
    private long quants(long panel, int input) {
        PackedFormat packed = Objects.requireNonNull(format);
        return panel + packed.scaleBytes(Objects.requireNonNull(w).inputs()) + packed.quantBytes(input);
    }

    private static void copyTotals(MemorySegment scratch, FloatMatrix y, int output, int from, int tokens) {
        long bytes = (long) Math.min(WorkerScratch.PANEL_ROWS, y.columns() - output) * Float.BYTES;
        for (int token = 0; token < tokens; token++) {
            long source = WorkerScratch.TOTALS + token * WorkerScratch.ROW_BYTES;
            long target = (from + token) * y.rowBytes() + (long) output * Float.BYTES;
            MemorySegment.copy(scratch, source, y.data(), target, bytes);
        }
    }

    private void clear() {
        x = null;
        w = null;
        format = null;
        y = null;
        pool = null;
    }
}
