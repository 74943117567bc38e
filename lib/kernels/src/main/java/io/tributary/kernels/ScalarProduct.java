package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.WorkerScratch.BLOCK_INPUTS;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A product as plain loops, for a JVM that does not compile vectors. Threads share the panels; four rows go together, as the
 * steps of one chain wait for each other.
 */
final class ScalarProduct implements WorkPool.Part {
    private static final int ROWS = 4;
    private static final long WIDENED_BYTES = (long) BLOCK_INPUTS * Float.BYTES;

    private final ActivationSums sums = new ActivationSums();
    private @Nullable FloatMatrix x;
    private @Nullable PackedWeights w;
    private @Nullable StoredRows rows;
    private @Nullable FloatMatrix y;
    private @Nullable WorkPool pool;

    /** Computes what {@link MatMul#multiply} promises. */
    void compute(FloatMatrix x, PackedWeights w, StoredRows rows, FloatMatrix y, WorkPool pool) {
        this.x = x;
        this.w = w;
        this.rows = rows;
        this.y = y;
        this.pool = pool;
        try {
            if (rows.haveMinimums()) {
                sums.compute(x, pool);
            }
            pool.forEach(w.panels(), (long) x.rows() * w.outputs() * w.inputs(), this);
        } finally {
            this.x = null;
            this.w = null;
            this.rows = null;
            this.y = null;
            this.pool = null;
        }
    }

    @Override
    public void run(int panel, int worker) {
        PackedWeights weights = Objects.requireNonNull(w);
        KernelOperands operands = Objects.requireNonNull(pool).scratch(worker).operands();
        int outputs = Math.min(PANEL_ROWS, weights.outputs() - panel * PANEL_ROWS);
        for (int first = 0; first < weights.inputs(); first += BLOCK_INPUTS) {
            weights.place(operands, panel, first);
            for (int row = 0; row < outputs; row += ROWS) {
                multiplyRows(operands, panel * PANEL_ROWS, row, Math.min(ROWS, outputs - row), first);
            }
        }
    }

    private void multiplyRows(KernelOperands operands, int firstOutput, int row, int count, int firstInput) {
        FloatMatrix input = Objects.requireNonNull(x);
        FloatMatrix output = Objects.requireNonNull(y);
        StoredRows stored = Objects.requireNonNull(rows);
        for (int i = 0; i < count; i++) {
            stored.widen(operands.weights, row + i, operands.inputs, operands.scratch + i * WIDENED_BYTES);
        }
        for (int token = 0; token < input.rows(); token++) {
            long from = token * input.rowBytes() + (long) firstInput * Float.BYTES;
            operands.x = NativeMemory.address(input.data(), from, (long) operands.inputs * Float.BYTES);
            long to = token * output.rowBytes() + (long) (firstOutput + row) * Float.BYTES;
            operands.totals = NativeMemory.address(output.data(), to, (long) count * Float.BYTES);
            if (firstInput == 0) {
                for (int i = 0; i < count; i++) {
                    setTotal(operands, i, 0f);
                }
            }
            addChains(operands, stored, row, count);
            if (stored.haveMinimums()) {
                addMinimums(operands, stored, row, count, sums.address(input, token, firstInput));
            }
        }
    }

    private static void addChains(KernelOperands operands, StoredRows stored, int row, int count) {
        int chainInputs = stored.chainInputs();
        for (int chain = 0; chain * chainInputs < operands.inputs; chain++) {
            int from = chain * chainInputs;
            int to = Math.min(operands.inputs, from + chainInputs);
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
                float sum = i == 0 ? a : i == 1 ? b : i == 2 ? c : d;
                float scale = stored.scale(operands.weights, row + i, operands.inputs, chain);
                setTotal(operands, i, Math.fma(sum, scale, total(operands, i)));
            }
        }
    }

    private static void addMinimums(KernelOperands operands, StoredRows stored, int row, int count, long sums) {
        for (int chain = 0; chain * stored.chainInputs() < operands.inputs; chain++) {
            float sum = ALL.get(FLOAT, sums + (long) chain * Float.BYTES);
            for (int i = 0; i < count; i++) {
                float minimum = stored.minimum(operands.weights, row + i, operands.inputs, chain);
                setTotal(operands, i, Math.fma(minimum, sum, total(operands, i)));
            }
        }
    }

    private static float total(KernelOperands operands, int row) {
        return ALL.get(FLOAT, operands.totals + (long) row * Float.BYTES);
    }

    private static void setTotal(KernelOperands operands, int row, float total) {
        ALL.set(FLOAT, operands.totals + (long) row * Float.BYTES, total);
    }
}
