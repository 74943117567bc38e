package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Gaussian error linear unit {@code x * Phi(x)} and its approximations (Hendrycks and Gimpel, 2016). */
public enum Gelu {
    /** {@code x * Phi(x)} itself, with an error below 1e-6. */
    EXACT {
        @Override
        void compute(MemorySegment x, long base, MemorySegment y, int count, MemorySegment scratch) {
            RowKernels.CURRENT.negativeHalfSquares(x, base, scratch, RowScratch.VALUES, count);
            RowKernels.CURRENT.exponentiate(scratch, RowScratch.VALUES, 1f, 0f, scratch, RowScratch.VALUES, count);
            RowKernels.CURRENT.normalUnit(x, base, scratch, RowScratch.VALUES, y, count);
        }
    },
    /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}. */
    TANH {
        @Override
        void compute(MemorySegment x, long base, MemorySegment y, int count, MemorySegment scratch) {
            // (1 + tanh(u)) / 2 is 1 / (1 + exp(-2 u)).
            RowKernels.CURRENT.oddCubic(x, base, LINEAR, CUBIC, scratch, RowScratch.VALUES, count);
            RowKernels.CURRENT.exponentiate(scratch, RowScratch.VALUES, 1f, 0f, scratch, RowScratch.VALUES, count);
            RowKernels.CURRENT.sigmoidUnit(x, base, scratch, RowScratch.VALUES, y, count);
        }
    },
    /** {@code x * sigmoid(1.702 x)}, as in OpenAI's CLIP. */
    QUICK {
        @Override
        void compute(MemorySegment x, long base, MemorySegment y, int count, MemorySegment scratch) {
            RowKernels.CURRENT.exponentiate(x, base, -1.702f, 0f, scratch, RowScratch.VALUES, count);
            RowKernels.CURRENT.sigmoidUnit(x, base, scratch, RowScratch.VALUES, y, count);
        }
    };

    private static final float LINEAR = (float) (-2 * 0.7978845608028654);
    private static final float CUBIC = (float) (-2 * 0.7978845608028654 * 0.044715);
    private static final int OPERATIONS = 20;
    private static final ThreadLocal<Rows> ROWS = ThreadLocal.withInitial(Rows::new);

    /**
     * Writes the function of each element of x to y.
     *
     * @param y of the shape of x; may be x
     * @throws IllegalArgumentException when the shapes differ
     */
    public void apply(FloatMatrix x, FloatMatrix y, WorkPool pool) {
        y.requireShape("y", x.rows(), x.columns());
        ROWS.get().compute(this, x, y, pool);
    }

    /** Computes at most {@link RowScratch#CHUNK} elements, at the same offset in y as in x. */
    abstract void compute(MemorySegment x, long base, MemorySegment y, int count, MemorySegment scratch);

    private static final class Rows extends RowParts {
        private Gelu form = EXACT;
        private @Nullable FloatMatrix x;
        private @Nullable FloatMatrix y;

        void compute(Gelu form, FloatMatrix x, FloatMatrix y, WorkPool pool) {
            this.form = form;
            this.x = x;
            this.y = y;
            try {
                forEachRow(x.rows(), (long) x.columns() * OPERATIONS, pool);
            } finally {
                this.x = null;
                this.y = null;
            }
        }

        @Override
        void compute(int row) {
            FloatMatrix source = Objects.requireNonNull(x);
            MemorySegment target = Objects.requireNonNull(y).data();
            MemorySegment scratch = RowScratch.ofThread();
            for (int first = 0; first < source.columns(); first += RowScratch.CHUNK) {
                long base = row * source.rowBytes() + (long) first * Float.BYTES;
                int count = Math.min(RowScratch.CHUNK, source.columns() - first);
                form.compute(source.data(), base, target, count, scratch);
            }
        }
    }
}
