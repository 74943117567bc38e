package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** Root-mean-square normalisation of rows (Zhang and Sennrich, 2019). */
public final class RmsNorm {
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
    public static void apply(FloatMatrix x, MemorySegment weight, float epsilon, FloatMatrix y) {
        y.requireShape("y", x.rows(), x.columns());
        if (weight.byteSize() < x.rowBytes()) {
            throw new IllegalArgumentException(
                    "a norm weight of " + weight.byteSize() + " bytes for rows of " + x.rowBytes() + " bytes");
        }
        MemorySegment scratch = RowScratch.ofThread();
        for (int row = 0; row < x.rows(); row++) {
            long base = row * x.rowBytes();
            RowKernels.CURRENT.squares(x.data(), base, x.columns(), scratch);
            float meanSquare = RowScratch.addLanes(scratch) / x.columns();
            float scale = 1f / (float) Math.sqrt(meanSquare + epsilon);
            RowKernels.CURRENT.scale(x.data(), base, scale, weight, y.data(), x.columns());
        }
    }
}
