package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Root-mean-square normalisation of rows (Zhang and Sennrich, 2019). */
public final class RmsNorm {
    private static final ThreadLocal<Rows> ROWS = ThreadLocal.withInitial(Rows::new);
    private static final int OPERATIONS = 2;

    private RmsNorm() {}

    /**
     * Writes {@code y[t][i] = (x[t][i] * s) * weight[i]} with {@code s = 1 / sqrt(mean of x[t]^2 + epsilon)}.
     *
     * @param x [rows, columns]
     * @param weight float32, {@code columns} values
     * @param epsilon added to the mean square, positive
     * @param y [rows, columns]; may be x
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void apply(FloatMatrix x, MemorySegment weight, float epsilon, FloatMatrix y, WorkPool pool) {
        y.requireShape("y", x.rows(), x.columns());
        if (weight.byteSize() < x.rowBytes()) {
            throw new IllegalArgumentException(
                    "a norm weight of " + weight.byteSize() + " bytes for rows of " + x.rowBytes() + " bytes");
        }
        ROWS.get().normalize(x, weight, epsilon, y, pool);
    }

    private static final class Rows extends RowParts {
        private @Nullable FloatMatrix x;
        private @Nullable MemorySegment weight;
        private float epsilon;
        private @Nullable FloatMatrix y;

        void normalize(FloatMatrix x, MemorySegment weight, float epsilon, FloatMatrix y, WorkPool pool) {
            this.x = x;
            this.weight = weight;
            this.epsilon = epsilon;
            this.y = y;
            try {
                forEachRow(x.rows(), (long) x.columns() * OPERATIONS, pool);
            } finally {
                this.x = null;
                this.weight = null;
                this.y = null;
            }
        }

        @Override
        void compute(int row) {
            FloatMatrix source = Objects.requireNonNull(x);
            FloatMatrix target = Objects.requireNonNull(y);
            MemorySegment scratch = RowScratch.ofThread();
            long base = row * source.rowBytes();
            RowKernels.CURRENT.squares(source.data(), base, source.columns(), scratch);
            float meanSquare = RowScratch.addLanes(scratch) / source.columns();
            float scale = 1f / (float) Math.sqrt(meanSquare + epsilon);
            RowKernels.CURRENT.scale(
                    source.data(), base, scale, Objects.requireNonNull(weight), target.data(), source.columns());
        }
    }
}
