package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A convolution over time with packed weights. Activations are [time, channels], so that the inputs of an output are a row of
 * {@code kernel * inputs} neighbouring numbers: the convolution is the {@link MatMul} of these rows with weights in the
 * order [tap][input], which is also the canonical order of its sums. An output therefore has the same bits whatever the
 * threads and whatever part of the time it is computed with. Immutable.
 */
public final class Conv1d {
    private static final ThreadLocal<Windows> WINDOWS = ThreadLocal.withInitial(Windows::new);

    private final Conv1dShape shape;
    private final PackedWeights[] groups;

    private Conv1d(Conv1dShape shape, PackedWeights[] groups) {
        this.shape = shape;
        this.groups = groups;
    }

    /**
     * Packs float32 weights.
     *
     * @param weights [outputs, inputs / groups, kernel], as in PyTorch
     * @param arena gives the memory of the result
     * @throws InvalidWeightsException when a weight is infinite or NaN
     * @throws IllegalArgumentException when the segment is too short
     */
    public static Conv1d pack(Conv1dShape shape, MemorySegment weights, Arena arena, WorkPool pool) {
        int outputs = shape.outputs() / shape.groups();
        long bytes = (long) outputs * shape.window() * Float.BYTES;
        if (weights.byteSize() < bytes * shape.groups()) {
            throw new IllegalArgumentException("a convolution of " + shape + " has " + bytes * shape.groups()
                    + " bytes of weights, the segment " + weights.byteSize());
        }
        PackedWeights[] groups = new PackedWeights[shape.groups()];
        try (Arena temporary = Arena.ofShared()) {
            FloatMatrix ordered = FloatMatrix.allocate(temporary, outputs, shape.window());
            for (int group = 0; group < groups.length; group++) {
                order(shape, weights.asSlice(group * bytes, bytes), ordered);
                groups[group] =
                        PackedWeights.pack(WeightType.F32, ordered.data(), outputs, shape.window(), arena, pool);
            }
        }
        return new Conv1d(shape, groups);
    }

    /** The form of this convolution. */
    public Conv1dShape shape() {
        return shape;
    }

    /** Bytes of memory the packed weights take. */
    public long byteSize() {
        long sum = 0;
        for (PackedWeights weights : groups) {
            sum += weights.byteSize();
        }
        return sum;
    }

    /**
     * Computes the outputs {@code from} to {@code from + y.rows()}, without bias.
     *
     * @param x [time, inputs], all that these outputs depend on; outside of it there are zeros as far as the padding goes
     * @param from the first output, of the {@code shape().length(x.rows())} there are
     * @param y [count, outputs], in memory of its own
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public void apply(FloatMatrix x, int from, FloatMatrix y, WorkPool pool) {
        x.requireShape("x", x.rows(), shape.inputs());
        y.requireShape("y", y.rows(), shape.outputs());
        if (from < 0 || y.rows() > shape.length(x.rows()) - from) {
            throw new IllegalArgumentException("outputs " + from + " to " + (from + y.rows()) + " of a convolution of "
                    + shape + " over " + x.rows() + " rows, which has " + shape.length(x.rows()));
        }
        WINDOWS.get().apply(this, x, from, y, pool);
    }

    /** Brings the weights of a group from [output][input][tap] to [output][tap][input]. */
    private static void order(Conv1dShape shape, MemorySegment weights, FloatMatrix ordered) {
        int inputs = shape.inputs() / shape.groups();
        for (int output = 0; output < ordered.rows(); output++) {
            for (int input = 0; input < inputs; input++) {
                long place = ((long) output * inputs + input) * shape.kernel();
                for (int tap = 0; tap < shape.kernel(); tap++) {
                    ordered.set(output, tap * inputs + input, weights.get(FLOAT, (place + tap) * Float.BYTES));
                }
            }
        }
    }

    /** The inputs of some outputs side by side, and what they give; memory of a thread that grows to the largest there was. */
    private static final class Windows extends RowParts {
        /** Floats of the windows that are multiplied together, but for very wide ones. */
        private static final int FLOATS = 1 << 20;

        private static final int LEAST_ROWS = 64;
        private static final int MOST_ROWS = 4096;

        private MemorySegment memory = MemorySegment.NULL;
        private @Nullable Conv1dShape shape;
        private @Nullable FloatMatrix x;
        private @Nullable FloatMatrix windows;
        private int first;
        private int group;

        void apply(Conv1d convolution, FloatMatrix x, int from, FloatMatrix y, WorkPool pool) {
            shape = convolution.shape;
            this.x = x;
            int height = Math.clamp(FLOATS / convolution.shape.window(), LEAST_ROWS, MOST_ROWS);
            try {
                for (int row = 0; row < y.rows(); row += height) {
                    FloatMatrix part = y.rows(row, Math.min(height, y.rows() - row));
                    first = from + row;
                    for (group = 0; group < convolution.groups.length; group++) {
                        multiply(convolution.groups[group], part, pool);
                    }
                }
            } finally {
                shape = null;
                this.x = null;
                windows = null;
            }
        }

        private void multiply(PackedWeights weights, FloatMatrix y, WorkPool pool) {
            boolean whole = weights.outputs() == y.columns();
            long bytes = (long) y.rows() * weights.inputs() * Float.BYTES;
            long resultBytes = whole ? 0 : (long) y.rows() * weights.outputs() * Float.BYTES;
            if (memory.byteSize() < bytes + resultBytes) {
                memory = Arena.ofAuto().allocate(bytes + resultBytes, FloatMatrix.ALIGNMENT);
            }
            FloatMatrix gathered = new FloatMatrix(memory, y.rows(), weights.inputs());
            windows = gathered;
            forEachRow(y.rows(), weights.inputs(), pool);
            if (whole) {
                MatMul.multiply(gathered, weights, y, pool);
            } else {
                FloatMatrix result = new FloatMatrix(memory.asSlice(bytes), y.rows(), weights.outputs());
                MatMul.multiply(gathered, weights, result, pool);
                place(result, y, group * weights.outputs());
            }
        }

        private static void place(FloatMatrix result, FloatMatrix y, int column) {
            for (int row = 0; row < y.rows(); row++) {
                long to = row * y.rowBytes() + (long) column * Float.BYTES;
                MemorySegment.copy(result.data(), row * result.rowBytes(), y.data(), to, result.rowBytes());
            }
        }

        @Override
        void compute(int row) {
            Conv1dShape form = Objects.requireNonNull(shape);
            FloatMatrix source = Objects.requireNonNull(x);
            FloatMatrix target = Objects.requireNonNull(windows);
            long start = (long) (first + row) * form.stride() - form.padding();
            int leading = Math.clamp(-start, 0, form.kernel());
            int end = Math.clamp(source.rows() - start, leading, form.kernel());
            long tapBytes = (long) form.inputs() / form.groups() * Float.BYTES;
            long to = row * target.rowBytes();
            target.data().asSlice(to, leading * tapBytes).fill((byte) 0);
            target.data()
                    .asSlice(to + end * tapBytes, (form.kernel() - end) * tapBytes)
                    .fill((byte) 0);
            long from = (start + leading) * source.rowBytes();
            if (form.groups() == 1) {
                MemorySegment.copy(
                        source.data(), from, target.data(), to + leading * tapBytes, (end - leading) * tapBytes);
                return;
            }
            from += group * tapBytes;
            for (int tap = leading; tap < end; tap++) {
                MemorySegment.copy(source.data(), from, target.data(), to + tap * tapBytes, tapBytes);
                from += source.rowBytes();
            }
        }
    }
}
