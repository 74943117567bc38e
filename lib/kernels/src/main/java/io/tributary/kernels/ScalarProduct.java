package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.WorkerScratch.BLOCK_INPUTS;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.SPAN_INPUTS;

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
        operands.stripBytes = weights.type().rowBytes(weights.inputs());
        for (int row = 0; row < outputs; row += ROWS) {
            long stored = weights.panel(panel) + row * operands.stripBytes;
            multiplyRows(operands, stored, panel * PANEL_ROWS + row, Math.min(ROWS, outputs - row));
        }
    }

    private void multiplyRows(KernelOperands operands, long stored, int firstOutput, int count) {
        FloatMatrix output = Objects.requireNonNull(y);
        for (int token = 0; token < output.rows(); token++) {
            for (int i = 0; i < count; i++) {
                output.set(token, firstOutput + i, 0f);
            }
        }
        PackedWeights weights = Objects.requireNonNull(w);
        for (int first = 0; first < weights.inputs(); first += SPAN_INPUTS) {
            int end = Math.min(weights.inputs(), first + SPAN_INPUTS);
            for (int block = first; block < end; block += BLOCK_INPUTS) {
                int inputs = Math.min(BLOCK_INPUTS, end - block);
                addBlock(operands, stored + weights.type().rowBytes(block), firstOutput, count, block, inputs);
            }
            if (Objects.requireNonNull(rows).haveMinimums()) {
                addMinimums(operands, stored + weights.type().rowBytes(first), firstOutput, count, first, end);
            }
        }
    }

    private void addBlock(
            KernelOperands operands, long stored, int firstOutput, int count, int firstInput, int inputs) {
        FloatMatrix input = Objects.requireNonNull(x);
        operands.inputs = inputs;
        for (int i = 0; i < count; i++) {
            Objects.requireNonNull(rows)
                    .widen(stored + i * operands.stripBytes, inputs, operands.scratch + i * WIDENED_BYTES);
        }
        for (int token = 0; token < input.rows(); token++) {
            long from = token * input.rowBytes() + (long) firstInput * Float.BYTES;
            operands.x = NativeMemory.address(input.data(), from, (long) inputs * Float.BYTES);
            placeTotals(operands, token, firstOutput, count);
            addChains(operands, stored, count);
        }
    }

    private void placeTotals(KernelOperands operands, int token, int firstOutput, int count) {
        FloatMatrix output = Objects.requireNonNull(y);
        long to = token * output.rowBytes() + (long) firstOutput * Float.BYTES;
        operands.totals = NativeMemory.address(output.data(), to, (long) count * Float.BYTES);
    }

    private void addChains(KernelOperands operands, long weights, int count) {
        StoredRows stored = Objects.requireNonNull(rows);
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
                float scale = stored.scale(weights + i * operands.stripBytes, chain);
                setTotal(operands, i, Math.fma(sum, scale, total(operands, i)));
            }
        }
    }

    private void addMinimums(
            KernelOperands operands, long weights, int firstOutput, int count, int firstInput, int endInput) {
        FloatMatrix input = Objects.requireNonNull(x);
        StoredRows stored = Objects.requireNonNull(rows);
        for (int token = 0; token < input.rows(); token++) {
            placeTotals(operands, token, firstOutput, count);
            long sumsOfToken = sums.address(input, token, firstInput);
            for (int chain = 0; chain * stored.chainInputs() < endInput - firstInput; chain++) {
                float sum = ALL.get(FLOAT, sumsOfToken + (long) chain * Float.BYTES);
                for (int i = 0; i < count; i++) {
                    float minimum = stored.minimum(weights + i * operands.stripBytes, chain);
                    setTotal(operands, i, Math.fma(minimum, sum, total(operands, i)));
                }
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
