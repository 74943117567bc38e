package io.tributary.models.experts;

import io.tributary.kernels.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Adds up the outputs of experts. The sum of a row begins at 0; to it {@code weight · output} of each of its experts is
 * added by one fused multiply-add per element, experts in ascending order of their indices, the shared expert last. Where
 * experts run and when they answer changes no bit as long as this order is kept.
 */
public final class ExpertSum {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ExpertSum() {}

    /** Begins the sums of all rows of a matrix. */
    public static void begin(FloatMatrix sums) {
        sums.data().fill((byte) 0);
    }

    /**
     * Adds the output of one expert for one row.
     *
     * @param output float32 [columns]
     * @param sum float32 [columns]
     */
    public static void add(MemorySegment output, float weight, MemorySegment sum, int columns) {
        for (long offset = 0; offset < (long) columns * Float.BYTES; offset += Float.BYTES) {
            sum.set(FLOAT, offset, Math.fma(weight, output.get(FLOAT, offset), sum.get(FLOAT, offset)));
        }
    }
}
