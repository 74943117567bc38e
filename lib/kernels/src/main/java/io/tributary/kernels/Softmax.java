package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

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
        float maximum = maximum(logits, 0, count);
        if (Float.isInfinite(maximum) || Float.isNaN(maximum)) {
            return maximum;
        }
        MemorySegment scratch = RowScratch.ofThread();
        Lanes.clear(scratch, RowScratch.SUMS, RowScratch.VALUES - RowScratch.SUMS);
        for (int first = 0; first < count; first += RowScratch.CHUNK) {
            int chunk = Math.min(RowScratch.CHUNK, count - first);
            long from = (long) first * Float.BYTES;
            Exponential.apply(logits, from, 1f, -maximum, scratch, RowScratch.VALUES, chunk);
            addToLanes(scratch, RowScratch.VALUES, chunk, scratch);
        }
        float sum = RowScratch.addLanes(scratch);
        // StrictMath, because Math.log may differ in the last bit between machines.
        return maximum + (float) StrictMath.log(sum);
    }

    /** Returns the largest of {@code count} values, NaN if one of them is NaN. */
    static float maximum(MemorySegment values, long base, int count) {
        FloatVector maxima = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            maxima = maxima.max(Lanes.load(values, base + (long) i * Float.BYTES));
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (int i = whole; i < count; i++) {
            maximum = Math.max(maximum, values.get(FLOAT, base + (long) i * Float.BYTES));
        }
        return maximum;
    }

    /**
     * Replaces each value by {@code exp(value - maximum)} and returns their sum in the canonical order.
     *
     * @param count number of values, a multiple of 16; pad with minus infinity, which adds exactly nothing
     */
    static float exponentiate(MemorySegment values, long base, int count, float maximum) {
        MemorySegment scratch = RowScratch.ofThread();
        Lanes.clear(scratch, RowScratch.SUMS, RowScratch.VALUES - RowScratch.SUMS);
        Exponential.apply(values, base, 1f, -maximum, values, base, count);
        addToLanes(values, base, count, scratch);
        return RowScratch.addLanes(scratch);
    }

    /** Adds values to the sums of their virtual lanes. */
    private static void addToLanes(MemorySegment values, long base, int count, MemorySegment scratch) {
        int whole = count / Lanes.GROUP * Lanes.GROUP;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            long place = RowScratch.SUMS + (long) lane * Float.BYTES;
            FloatVector sum = Lanes.load(scratch, place);
            for (int i = lane; i < whole; i += Lanes.GROUP) {
                sum = sum.add(Lanes.load(values, base + (long) i * Float.BYTES));
            }
            Lanes.store(sum, scratch, place);
        }
        for (int i = whole; i < count; i++) {
            long place = RowScratch.SUMS + (long) (i - whole) * Float.BYTES;
            scratch.set(FLOAT, place, scratch.get(FLOAT, place) + values.get(FLOAT, base + (long) i * Float.BYTES));
        }
    }
}
