package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The inner loops of attention; all offsets are in bytes. */
final class AttentionKernels {
    private static final int KEY_STEP = Lanes.GROUP * Float.BYTES;

    private AttentionKernels() {}

    /** Writes the 64 raw scores of a page: its four blocks of 16 keys are four chains in flight. */
    static void scorePage(MemorySegment page, long keys, int headSize, MemorySegment scratch, long query, long scores) {
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            long shift = (long) lane * Float.BYTES;
            scoreLanes(page, keys + shift, headSize, scratch, query, scores + shift);
        }
    }

    private static void scoreLanes(
            MemorySegment page, long keys, int headSize, MemorySegment scratch, long query, long scores) {
        long block = (long) headSize * KEY_STEP;
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int d = 0; d < headSize; d++) {
            FloatVector q = FloatVector.broadcast(Lanes.FLOATS, scratch.get(FLOAT, query + (long) d * Float.BYTES));
            long key = keys + (long) d * KEY_STEP;
            s0 = Lanes.load(page, key).fma(q, s0);
            s1 = Lanes.load(page, key + block).fma(q, s1);
            s2 = Lanes.load(page, key + 2 * block).fma(q, s2);
            s3 = Lanes.load(page, key + 3 * block).fma(q, s3);
        }
        long group = (long) Lanes.GROUP * Float.BYTES;
        Lanes.store(s0, scratch, scores);
        Lanes.store(s1, scratch, scores + group);
        Lanes.store(s2, scratch, scores + 2 * group);
        Lanes.store(s3, scratch, scores + 3 * group);
    }

    /** Adds the weighted values of {@code count} positions to four vectors of accumulators. */
    static void sumFour(
            MemorySegment page, long values, int headSize, int count, MemorySegment scratch, long weights, long sums) {
        FloatVector a0 = Lanes.load(scratch, sums);
        FloatVector a1 = Lanes.load(scratch, sums + Lanes.VECTOR_BYTES);
        FloatVector a2 = Lanes.load(scratch, sums + 2 * Lanes.VECTOR_BYTES);
        FloatVector a3 = Lanes.load(scratch, sums + 3 * Lanes.VECTOR_BYTES);
        long step = (long) headSize * Float.BYTES;
        int bounded = Math.min(count, PAGE_POSITIONS);
        for (int key = 0; key < bounded; key++) {
            FloatVector w = FloatVector.broadcast(Lanes.FLOATS, scratch.get(FLOAT, weights + (long) key * Float.BYTES));
            long value = values + key * step;
            a0 = Lanes.load(page, value).fma(w, a0);
            a1 = Lanes.load(page, value + Lanes.VECTOR_BYTES).fma(w, a1);
            a2 = Lanes.load(page, value + 2 * Lanes.VECTOR_BYTES).fma(w, a2);
            a3 = Lanes.load(page, value + 3 * Lanes.VECTOR_BYTES).fma(w, a3);
        }
        Lanes.store(a0, scratch, sums);
        Lanes.store(a1, scratch, sums + Lanes.VECTOR_BYTES);
        Lanes.store(a2, scratch, sums + 2 * Lanes.VECTOR_BYTES);
        Lanes.store(a3, scratch, sums + 3 * Lanes.VECTOR_BYTES);
    }

    /** Adds the weighted values of {@code count} positions to the first {@code lanes} lanes of one vector. */
    static void sumOne(
            MemorySegment page,
            long values,
            int headSize,
            int lanes,
            int count,
            MemorySegment scratch,
            long weights,
            long sums) {
        VectorMask<Float> present = Lanes.FLOATS.indexInRange(0, lanes);
        FloatVector sum = Lanes.load(scratch, sums);
        long step = (long) headSize * Float.BYTES;
        for (int key = 0; key < count; key++) {
            FloatVector w = FloatVector.broadcast(Lanes.FLOATS, scratch.get(FLOAT, weights + (long) key * Float.BYTES));
            FloatVector value =
                    FloatVector.fromMemorySegment(Lanes.FLOATS, page, values + key * step, Lanes.LITTLE, present);
            sum = value.fma(w, sum);
        }
        Lanes.store(sum, scratch, sums);
    }

    /** Writes {@code source[i] * factor} to {@code target[i]}; the two may be the same. */
    static void scaleInto(MemorySegment source, long from, float factor, MemorySegment target, long to, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(source, from + offset).mul(factor), target, to + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            target.set(FLOAT, to + offset, source.get(FLOAT, from + offset) * factor);
        }
    }
}
