package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** Sums of exponentials over a row. */
public final class Softmax {
    private Softmax() {}

    /**
     * Returns {@code log(sum of exp(logits[i]))} of the first {@code count} float32 values, taken relative to their
     * maximum, so that logits of any size stay finite. Minus infinity is a legal logit; NaN gives NaN.
     *
     * @throws IllegalArgumentException when count is below 1 or exceeds the segment
     */
    public static float logSumExp(MemorySegment logits, int count) {
        if (count < 1 || logits.byteSize() < (long) count * Float.BYTES) {
            throw new IllegalArgumentException(
                    "the log-sum-exp of " + count + " values in a segment of " + logits.byteSize() + " bytes");
        }
        float maximum = RowKernels.CURRENT.maximum(logits, 0, count);
        if (Float.isInfinite(maximum) || Float.isNaN(maximum)) {
            return maximum;
        }
        MemorySegment scratch = RowScratch.ofThread();
        RowScratch.clearLanes(scratch);
        for (int first = 0; first < count; first += RowScratch.CHUNK) {
            int chunk = Math.min(RowScratch.CHUNK, count - first);
            long from = (long) first * Float.BYTES;
            RowKernels.CURRENT.exponentiate(logits, from, 1f, -maximum, scratch, RowScratch.VALUES, chunk);
            RowKernels.CURRENT.addToLanes(scratch, RowScratch.VALUES, chunk, scratch);
        }
        float sum = RowScratch.addLanes(scratch);
        // StrictMath, because Math.log may differ in the last bit between machines.
        return maximum + (float) StrictMath.log(sum);
    }
}
