package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * The loops of {@link ChannelNorm} over some channels of a row. Means and scales are in the memory of a thread, at offsets in
 * bytes.
 */
sealed interface ChannelKernels permits VectorChannelKernels, ScalarChannelKernels {
    /** Those of this process. */
    ChannelKernels CURRENT = KernelPath.VECTORS ? new VectorChannelKernels() : new ScalarChannelKernels();

    /** Adds {@code (x - mean)^2} to the sums, with one rounding of the square and the sum. */
    void addSquares(MemorySegment x, long base, MemorySegment scratch, long means, long sums, int count);

    /** Writes {@code (x - mean) * scale * weight + bias}, the last two with one rounding; weight and bias begin at an offset. */
    void normalize(
            MemorySegment x,
            MemorySegment y,
            long base,
            MemorySegment scratch,
            long means,
            long scales,
            MemorySegment weight,
            MemorySegment bias,
            long channel,
            int count);
}
