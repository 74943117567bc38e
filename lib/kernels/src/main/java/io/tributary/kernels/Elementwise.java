package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

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
            addRow(target.data(), offset, summand.data(), offset, target.columns());
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
            addRow(target.data(), row * target.rowBytes(), bias, 0, target.columns());
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
                swiGluChunk(gate.data(), up.data(), target.data(), base, count, scratch);
            }
        }
    }

    private static void addRow(MemorySegment target, long base, MemorySegment summand, long summandBase, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector sum = Lanes.load(target, base + offset).add(Lanes.load(summand, summandBase + offset));
            Lanes.store(sum, target, base + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            target.set(
                    FLOAT, base + offset, target.get(FLOAT, base + offset) + summand.get(FLOAT, summandBase + offset));
        }
    }

    private static void swiGluChunk(
            MemorySegment gate, MemorySegment up, MemorySegment target, long base, int count, MemorySegment scratch) {
        Exponential.apply(gate, base, -1f, 0f, scratch, RowScratch.VALUES, count);
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = base + (long) i * Float.BYTES;
            FloatVector exponential = Lanes.load(scratch, RowScratch.VALUES + (long) i * Float.BYTES);
            FloatVector silu = Lanes.load(gate, offset).div(exponential.add(1f));
            Lanes.store(silu.mul(Lanes.load(up, offset)), target, offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = base + (long) i * Float.BYTES;
            float exponential = scratch.get(FLOAT, RowScratch.VALUES + (long) i * Float.BYTES);
            target.set(FLOAT, offset, gate.get(FLOAT, offset) / (exponential + 1f) * up.get(FLOAT, offset));
        }
    }
}
