package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
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
        float sum = 0f;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            sum = Lanes.addInOrder(sum, laneExponentials(logits, count, maximum, lane));
        }
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
        float sum = 0f;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            sum = Lanes.addInOrder(sum, exponentiateLanes(values, base, count, maximum, lane));
        }
        return sum;
    }

    private static FloatVector exponentiateLanes(MemorySegment values, long base, int count, float maximum, int lane) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int i = lane; i < count; i += Lanes.GROUP) {
            long offset = base + (long) i * Float.BYTES;
            FloatVector weight = Exponential.exp(Lanes.load(values, offset).sub(maximum));
            Lanes.store(weight, values, offset);
            sum = sum.add(weight);
        }
        return sum;
    }

    private static FloatVector laneExponentials(MemorySegment logits, int count, float maximum, int lane) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        int i = lane;
        for (; i <= count - Lanes.COUNT; i += Lanes.GROUP) {
            sum = sum.add(
                    Exponential.exp(Lanes.load(logits, (long) i * Float.BYTES).sub(maximum)));
        }
        if (i < count) {
            VectorMask<Float> present = Lanes.FLOATS.indexInRange(i, count);
            FloatVector value =
                    FloatVector.fromMemorySegment(Lanes.FLOATS, logits, (long) i * Float.BYTES, Lanes.LITTLE, present);
            sum = sum.add(Exponential.exp(value.sub(maximum)), present);
        }
        return sum;
    }
}
