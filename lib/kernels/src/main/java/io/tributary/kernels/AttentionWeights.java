package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The online softmax of one query row over blocks of keys. The state of a row is the sums of the 16 virtual lanes and the
 * maximum so far.
 */
final class AttentionWeights {
    private static final long MAXIMUM = (long) Lanes.GROUP * Float.BYTES;

    /** Bytes of the state of one row, whole cache lines. */
    static final long STATE_BYTES = 2 * MAXIMUM;

    private AttentionWeights() {}

    /** Makes the state that of a row that has seen no key. */
    static void begin(long state) {
        Lanes.clear(ALL, place(state), STATE_BYTES);
        ALL.set(FLOAT, place(state + MAXIMUM), Float.NEGATIVE_INFINITY);
    }

    /**
     * Turns the raw scores of a block into weights relative to the new maximum, and adds them to the sums.
     *
     * @param scores address of 64 scores
     * @param count how many of them take part, 1 or more
     * @return what the sums of the values so far have to be multiplied by
     */
    static float weigh(long scores, int count, float scale, long state) {
        int padded = Math.ceilDiv(count, Lanes.GROUP) * Lanes.GROUP;
        for (int position = count; position < padded; position++) {
            ALL.set(FLOAT, place(scores + (long) position * Float.BYTES), Float.NEGATIVE_INFINITY);
        }
        float before = ALL.get(FLOAT, place(state + MAXIMUM));
        float maximum = Math.max(before, scaleToMaximum(scores, padded, scale));
        float factor = maximum == before ? 1f : Exponential.exp(before - maximum);
        Exponential.apply(ALL, place(scores), 1f, -maximum, ALL, place(scores), padded);
        addToLanes(scores, padded, state, factor);
        ALL.set(FLOAT, place(state + MAXIMUM), maximum);
        return factor;
    }

    /** Returns 1 divided by the sum of all weights. */
    static float inverseSum(long state) {
        float sum = 0f;
        for (int lane = 0; lane < Lanes.GROUP; lane++) {
            sum += ALL.get(FLOAT, place(state + (long) lane * Float.BYTES));
        }
        return 1f / sum;
    }

    /** Writes {@code source[i] * factor} to {@code target[i]}; the two may be the same. */
    static void scale(long source, float factor, long target, int count) {
        long from = place(source);
        long to = place(target);
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(ALL, from + offset).mul(factor), ALL, to + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            ALL.set(FLOAT, to + offset, ALL.get(FLOAT, from + offset) * factor);
        }
    }

    private static float scaleToMaximum(long scores, int count, float scale) {
        long base = place(scores);
        FloatVector maxima = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long offset = base + (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(ALL, offset).mul(scale);
            Lanes.store(scaled, ALL, offset);
            maxima = maxima.max(scaled);
        }
        return maxima.reduceLanes(VectorOperators.MAX);
    }

    private static void addToLanes(long weights, int count, long state, float factor) {
        long base = place(weights);
        long sums = place(state);
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            long offset = (long) lane * Float.BYTES;
            FloatVector sum = Lanes.load(ALL, sums + offset).mul(factor);
            for (int i = lane; i < count; i += Lanes.GROUP) {
                sum = sum.add(Lanes.load(ALL, base + (long) i * Float.BYTES));
            }
            Lanes.store(sum, ALL, sums + offset);
        }
    }
}
