package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** Operations that treat every element alike. */
public final class Elementwise {
    private Elementwise() {}

    /**
     * Adds {@code summand} to {@code target}, element by element; both have the same shape.
     *
     * @throws IllegalArgumentException when the shapes differ
     */
    public static void add(FloatMatrix target, FloatMatrix summand) {
        summand.requireShape("the summand", target.rows(), target.columns());
        for (int row = 0; row < target.rows(); row++) {
            long offset = row * target.rowBytes();
            RowKernels.CURRENT.add(target.data(), offset, summand.data(), offset, target.columns());
        }
    }

    /**
     * Adds the {@code columns} float32 values of {@code bias} to every row of {@code target}.
     *
     * @throws IllegalArgumentException when the bias is shorter than a row
     */
    public static void addRow(FloatMatrix target, MemorySegment bias) {
        if (bias.byteSize() < target.rowBytes()) {
            throw new IllegalArgumentException(
                    "a bias of " + bias.byteSize() + " bytes for rows of " + target.rowBytes() + " bytes");
        }
        for (int row = 0; row < target.rows(); row++) {
            RowKernels.CURRENT.add(target.data(), row * target.rowBytes(), bias, 0, target.columns());
        }
    }

    /**
     * Writes {@code silu(gate) * up} to {@code target}, where {@code silu(x) = x / (1 + exp(-x))}. All three have the
     * same shape; the target may be the gate or up itself.
     *
     * @throws IllegalArgumentException when the shapes differ
     */
    public static void swiGlu(FloatMatrix gate, FloatMatrix up, FloatMatrix target) {
        up.requireShape("up", gate.rows(), gate.columns());
        target.requireShape("the target", gate.rows(), gate.columns());
        MemorySegment scratch = RowScratch.ofThread();
        for (int row = 0; row < gate.rows(); row++) {
            for (int first = 0; first < gate.columns(); first += RowScratch.CHUNK) {
                long base = row * gate.rowBytes() + (long) first * Float.BYTES;
                int count = Math.min(RowScratch.CHUNK, gate.columns() - first);
                RowKernels.CURRENT.exponentiate(gate.data(), base, -1f, 0f, scratch, RowScratch.VALUES, count);
                RowKernels.CURRENT.gate(gate.data(), up.data(), target.data(), base, scratch, RowScratch.VALUES, count);
            }
        }
    }
}
