package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Normalisation of rows to mean 0 and variance 1 (Ba, Kiros and Hinton, 2016), with the variance of the population. */
public final class LayerNorm {
    private static final ThreadLocal<Rows> ROWS = ThreadLocal.withInitial(Rows::new);
    private static final int OPERATIONS = 4;

    private LayerNorm() {}

    /**
     * Writes {@code y[t][i] = fma((x[t][i] - m) * s, weight[i], bias[i])} with m the mean of x[t], found as
     * r plus the mean of x[t] - r with r the rounded mean, and {@code s = 1 / sqrt(mean of (x[t] - m)^2 + epsilon)}. A row of equal numbers becomes the bias.
     *
     * @param x [rows, columns]
     * @param weight float32, {@code columns} values
     * @param bias float32, {@code columns} values
     * @param epsilon added to the variance, positive
     * @param y [rows, columns]; may be x
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void apply(
            FloatMatrix x, MemorySegment weight, MemorySegment bias, float epsilon, FloatMatrix y, WorkPool pool) {
        y.requireShape("y", x.rows(), x.columns());
        requireRow("weight", weight, x);
        requireRow("bias", bias, x);
        ROWS.get().normalize(x, weight, bias, epsilon, y, pool);
    }

    private static void requireRow(String name, MemorySegment values, FloatMatrix x) {
        if (values.byteSize() < x.rowBytes()) {
            throw new IllegalArgumentException(
                    "a norm's " + name + " of " + values.byteSize() + " bytes for rows of " + x.rowBytes() + " bytes");
        }
    }

    private static final class Rows extends RowParts {
        private @Nullable FloatMatrix x;
        private @Nullable MemorySegment weight;
        private @Nullable MemorySegment bias;
        private float epsilon;
        private @Nullable FloatMatrix y;

        void normalize(
                FloatMatrix x, MemorySegment weight, MemorySegment bias, float epsilon, FloatMatrix y, WorkPool pool) {
            this.x = x;
            this.weight = weight;
            this.bias = bias;
            this.epsilon = epsilon;
            this.y = y;
            try {
                forEachRow(x.rows(), (long) x.columns() * OPERATIONS, pool);
            } finally {
                this.x = null;
                this.weight = null;
                this.bias = null;
                this.y = null;
            }
        }

        @Override
        void compute(int row) {
            FloatMatrix source = Objects.requireNonNull(x);
            MemorySegment scratch = RowScratch.ofThread();
            long base = row * source.rowBytes();
            int columns = source.columns();
            RowScratch.clearLanes(scratch);
            RowKernels.CURRENT.addToLanes(source.data(), base, columns, scratch);
            float rounded = RowScratch.addLanes(scratch) / columns;
            // Rounding errors of a long sum are as large as the numbers that hardly differ; their own sum is not.
            RowKernels.CURRENT.deviations(source.data(), base, rounded, columns, scratch);
            float mean = rounded + RowScratch.addLanes(scratch) / columns;
            RowKernels.CURRENT.squaresOfDeviations(source.data(), base, mean, columns, scratch);
            float variance = RowScratch.addLanes(scratch) / columns;
            float scale = 1f / (float) Math.sqrt(variance + epsilon);
            RowKernels.CURRENT.normalize(
                    source.data(),
                    base,
                    mean,
                    scale,
                    Objects.requireNonNull(weight),
                    Objects.requireNonNull(bias),
                    Objects.requireNonNull(y).data(),
                    columns);
        }
    }
}
