package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.WorkerScratch.CHAIN_INPUTS;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A product as plain loops, for a JVM that does not compile vectors. Threads share the panels; four rows go together, as the
 * steps of one chain wait for each other.
 */
final class ScalarProduct implements WorkPool.Part {
    private static final int ROWS = 4;
    /** Inputs that are widened together: a whole number of blocks of any type. */
    private static final int BLOCK_INPUTS = WorkerScratch.BLOCK_INPUTS;

    private static final long WIDENED_BYTES = (long) BLOCK_INPUTS * Float.BYTES;

    private @Nullable FloatMatrix x;
    private @Nullable PackedWeights w;
    private @Nullable FloatMatrix y;
    private @Nullable WorkPool pool;

    /** Computes what {@link MatMul#multiply} promises. */
    void compute(FloatMatrix x, PackedWeights w, FloatMatrix y, WorkPool pool) {
        this.x = x;
        this.w = w;
        this.y = y;
        this.pool = pool;
        try {
            pool.forEach(w.panels(), (long) x.rows() * w.outputs() * w.inputs(), this);
        } finally {
            this.x = null;
            this.w = null;
            this.y = null;
            this.pool = null;
        }
    }

    @Override
    public void run(int panel, int worker) {
        PackedWeights weights = Objects.requireNonNull(w);
        WorkerScratch scratch = Objects.requireNonNull(pool).scratch(worker);
        int outputs = Math.min(PANEL_ROWS, weights.outputs() - panel * PANEL_ROWS);
        long rowBytes = weights.type().rowBytes(weights.inputs());
        for (int row = 0; row < outputs; row += ROWS) {
            int count = Math.min(ROWS, outputs - row);
            clear(panel * PANEL_ROWS + row, count);
            for (int first = 0; first < weights.inputs(); first += BLOCK_INPUTS) {
                int inputs = Math.min(BLOCK_INPUTS, weights.inputs() - first);
                long block =
                        weights.panel(panel) + row * rowBytes + weights.type().rowBytes(first);
                for (int i = 0; i < count; i++) {
                    MemorySegment widened = scratch.memory().asSlice(i * WIDENED_BYTES, WIDENED_BYTES);
                    WeightRows.widen(weights.type(), block + i * rowBytes, inputs, widened);
                }
                multiplyRows(scratch.operands(), panel * PANEL_ROWS + row, count, first, inputs);
            }
        }
    }

    private void clear(int output, int count) {
        FloatMatrix results = Objects.requireNonNull(y);
        for (int token = 0; token < results.rows(); token++) {
            for (int i = 0; i < count; i++) {
                results.set(token, output + i, 0f);
            }
        }
    }

    private void multiplyRows(KernelOperands operands, int output, int count, int firstInput, int inputs) {
        FloatMatrix activations = Objects.requireNonNull(x);
        FloatMatrix results = Objects.requireNonNull(y);
        for (int token = 0; token < activations.rows(); token++) {
            long from = token * activations.rowBytes() + (long) firstInput * Float.BYTES;
            operands.x = NativeMemory.address(activations.data(), from, (long) inputs * Float.BYTES);
            long to = token * results.rowBytes() + (long) output * Float.BYTES;
            operands.totals = NativeMemory.address(results.data(), to, (long) count * Float.BYTES);
            for (int first = 0; first < inputs; first += CHAIN_INPUTS) {
                addChain(operands, count, first, Math.min(inputs, first + CHAIN_INPUTS));
            }
        }
    }

    private static void addChain(KernelOperands operands, int count, int from, int to) {
        float a = 0f;
        float b = 0f;
        float c = 0f;
        float d = 0f;
        for (int k = from; k < to; k++) {
            long weight = operands.scratch + (long) k * Float.BYTES;
            float activation = ALL.get(FLOAT, operands.x + (long) k * Float.BYTES);
            a = Math.fma(ALL.get(FLOAT, weight), activation, a);
            b = Math.fma(ALL.get(FLOAT, weight + WIDENED_BYTES), activation, b);
            c = Math.fma(ALL.get(FLOAT, weight + 2 * WIDENED_BYTES), activation, c);
            d = Math.fma(ALL.get(FLOAT, weight + 3 * WIDENED_BYTES), activation, d);
        }
        for (int i = 0; i < count; i++) {
            long total = operands.totals + (long) i * Float.BYTES;
            float sum = i == 0 ? a : i == 1 ? b : i == 2 ? c : d;
            ALL.set(FLOAT, total, ALL.get(FLOAT, total) + sum);
        }
    }
}
