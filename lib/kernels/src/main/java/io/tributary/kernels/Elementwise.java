package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operations that treat every element alike. */
public final class Elementwise {
    private static final ThreadLocal<Sums> SUMS = ThreadLocal.withInitial(Sums::new);
    private static final ThreadLocal<Gates> GATES = ThreadLocal.withInitial(Gates::new);

    private Elementwise() {}

    /**
     * Adds {@code summand} to {@code target}, element by element; both have the same shape.
     *
     * @throws IllegalArgumentException when the shapes differ
     */
    public static void add(FloatMatrix target, FloatMatrix summand, WorkPool pool) {
        summand.requireShape("the summand", target.rows(), target.columns());
        SUMS.get().add(target, summand.data(), summand.rowBytes(), pool);
    }

    /**
     * Adds the {@code columns} float32 values of {@code bias} to every row of {@code target}.
     *
     * @throws IllegalArgumentException when the bias is shorter than a row
     */
    public static void addRow(FloatMatrix target, MemorySegment bias, WorkPool pool) {
        if (bias.byteSize() < target.rowBytes()) {
            throw new IllegalArgumentException(
                    "a bias of " + bias.byteSize() + " bytes for rows of " + target.rowBytes() + " bytes");
        }
        SUMS.get().add(target, bias, 0, pool);
    }

    /**
     * Writes {@code silu(gate) * up} to {@code target}, where {@code silu(x) = x / (1 + exp(-x))}. All three have the
     * same shape; the target may be the gate or up itself.
     *
     * @throws IllegalArgumentException when the shapes differ
     */
    public static void swiGlu(FloatMatrix gate, FloatMatrix up, FloatMatrix target, WorkPool pool) {
        up.requireShape("up", gate.rows(), gate.columns());
        target.requireShape("the target", gate.rows(), gate.columns());
        GATES.get().gate(gate, up, target, pool);
    }

    /** Adds rows, or again and again the same one. */
    private static final class Sums extends RowParts {
        private @Nullable FloatMatrix target;
        private @Nullable MemorySegment summand;
        private long stride;

        void add(FloatMatrix target, MemorySegment summand, long stride, WorkPool pool) {
            this.target = target;
            this.summand = summand;
            this.stride = stride;
            try {
                forEachRow(target.rows(), target.columns(), pool);
            } finally {
                this.target = null;
                this.summand = null;
            }
        }

        @Override
        void compute(int row) {
            FloatMatrix sum = Objects.requireNonNull(target);
            RowKernels.CURRENT.add(
                    sum.data(), row * sum.rowBytes(), Objects.requireNonNull(summand), row * stride, sum.columns());
        }
    }

    private static final class Gates extends RowParts {
        private static final int OPERATIONS = 16;

        private @Nullable FloatMatrix gate;
        private @Nullable FloatMatrix up;
        private @Nullable FloatMatrix target;

        void gate(FloatMatrix gate, FloatMatrix up, FloatMatrix target, WorkPool pool) {
            this.gate = gate;
            this.up = up;
            this.target = target;
            try {
                forEachRow(gate.rows(), (long) gate.columns() * OPERATIONS, pool);
            } finally {
                this.gate = null;
                this.up = null;
                this.target = null;
            }
        }

        @Override
        void compute(int row) {
            FloatMatrix gates = Objects.requireNonNull(gate);
            MemorySegment gateRows = gates.data();
            MemorySegment upRows = Objects.requireNonNull(up).data();
            MemorySegment targetRows = Objects.requireNonNull(target).data();
            MemorySegment scratch = RowScratch.ofThread();
            for (int first = 0; first < gates.columns(); first += RowScratch.CHUNK) {
                long base = row * gates.rowBytes() + (long) first * Float.BYTES;
                int count = Math.min(RowScratch.CHUNK, gates.columns() - first);
                RowKernels.CURRENT.exponentiate(gateRows, base, -1f, 0f, scratch, RowScratch.VALUES, count);
                RowKernels.CURRENT.gate(gateRows, upRows, targetRows, base, scratch, RowScratch.VALUES, count);
            }
        }
    }
}
