package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation with a group for each channel (Wu and He, "Group Normalization", 2018): every channel has mean 0 and
 * variance 1 over the whole time, then a weight and a bias. A row's result depends on all rows.
 */
public final class ChannelNorm {
    private static final ThreadLocal<Blocks> BLOCKS = ThreadLocal.withInitial(Blocks::new);

    private ChannelNorm() {}

    /**
     * Writes {@code y[t][c] = (x[t][c] - mean_c) * s_c * weight[c] + bias[c]} with {@code s = 1 / sqrt(variance + epsilon)},
     * the population variance over t.
     *
     * @param x [time, channels], at least one row
     * @param weight float32, {@code channels} values
     * @param bias float32, {@code channels} values
     * @param epsilon added to the variance, positive
     * @param y [time, channels]; may be x
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void apply(
            FloatMatrix x, MemorySegment weight, MemorySegment bias, float epsilon, FloatMatrix y, WorkPool pool) {
        y.requireShape("y", x.rows(), x.columns());
        if (x.rows() == 0) {
            throw new IllegalArgumentException("a norm over time needs at least 1 row");
        }
        if (Math.min(weight.byteSize(), bias.byteSize()) < x.rowBytes()) {
            throw new IllegalArgumentException("a norm's weight of " + weight.byteSize() + " bytes and bias of "
                    + bias.byteSize() + " bytes for rows of " + x.rowBytes() + " bytes");
        }
        BLOCKS.get().normalize(x, weight, bias, epsilon, y, pool);
    }

    /** Blocks of channels as parts that threads share. */
    private static final class Blocks extends RowParts {
        /** Rows of one chain of the canonical order. */
        private static final int CHAIN = 128;

        private static final int CHANNELS = 256;
        private static final long SUMS = RowScratch.VALUES;
        private static final long MEANS = SUMS + (long) CHANNELS * Float.BYTES;
        /** Sums in float64. */
        private static final long TOTALS = MEANS + (long) CHANNELS * Float.BYTES;

        private static final int OPERATIONS = 6;

        private @Nullable FloatMatrix x;
        private @Nullable FloatMatrix y;
        private @Nullable MemorySegment weight;
        private @Nullable MemorySegment bias;
        private float epsilon;

        void normalize(
                FloatMatrix x, MemorySegment weight, MemorySegment bias, float epsilon, FloatMatrix y, WorkPool pool) {
            this.x = x;
            this.y = y;
            this.weight = weight;
            this.bias = bias;
            this.epsilon = epsilon;
            try {
                long operations = (long) x.rows() * Math.min(CHANNELS, x.columns()) * OPERATIONS;
                forEachRow(Math.ceilDiv(x.columns(), CHANNELS), operations, pool);
            } finally {
                this.x = null;
                this.y = null;
                this.weight = null;
                this.bias = null;
            }
        }

        @Override
        void compute(int block) {
            FloatMatrix source = Objects.requireNonNull(x);
            FloatMatrix target = Objects.requireNonNull(y);
            MemorySegment scratch = RowScratch.ofThread();
            int count = Math.min(CHANNELS, source.columns() - block * CHANNELS);
            long channel = (long) block * CHANNELS * Float.BYTES;
            sum(source, channel, count, scratch, false);
            for (int i = 0; i < count; i++) {
                scratch.set(FLOAT, MEANS + (long) i * Float.BYTES, (float) (total(scratch, i) / source.rows()));
            }
            sum(source, channel, count, scratch, true);
            for (int i = 0; i < count; i++) {
                double variance = total(scratch, i) / source.rows();
                scratch.set(FLOAT, SUMS + (long) i * Float.BYTES, (float) (1 / Math.sqrt(variance + epsilon)));
            }
            for (int row = 0; row < source.rows(); row++) {
                ChannelKernels.CURRENT.normalize(
                        source.data(),
                        target.data(),
                        row * source.rowBytes() + channel,
                        scratch,
                        MEANS,
                        SUMS,
                        Objects.requireNonNull(weight),
                        Objects.requireNonNull(bias),
                        channel,
                        count);
            }
        }

        /** Leaves the sums over time of the values, or of the squares of their differences from the means, in the totals. */
        private static void sum(FloatMatrix x, long channel, int count, MemorySegment scratch, boolean squares) {
            scratch.asSlice(TOTALS, (long) count * Double.BYTES).fill((byte) 0);
            for (int first = 0; first < x.rows(); first += CHAIN) {
                scratch.asSlice(SUMS, (long) count * Float.BYTES).fill((byte) 0);
                int end = Math.min(x.rows(), first + CHAIN);
                for (int row = first; row < end; row++) {
                    long base = row * x.rowBytes() + channel;
                    if (squares) {
                        ChannelKernels.CURRENT.addSquares(x.data(), base, scratch, MEANS, SUMS, count);
                    } else {
                        RowKernels.CURRENT.add(scratch, SUMS, x.data(), base, count);
                    }
                }
                for (int i = 0; i < count; i++) {
                    double total = total(scratch, i) + scratch.get(FLOAT, SUMS + (long) i * Float.BYTES);
                    scratch.set(ValueLayout.JAVA_DOUBLE, TOTALS + (long) i * Double.BYTES, total);
                }
            }
        }

        private static double total(MemorySegment scratch, int channel) {
            return scratch.get(ValueLayout.JAVA_DOUBLE, TOTALS + (long) channel * Double.BYTES);
        }
    }
}
