package io.tributary.kernels;

import static io.tributary.kernels.AttentionScores.FLOAT_BYTES;
import static io.tributary.kernels.AttentionScores.POSITIONS_BYTES;
import static io.tributary.kernels.AttentionScores.rowBytes;
import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import jdk.incubator.vector.FloatVector;

/**
 * Sums of the weighted values of a page, by register tiles of four, two or one rows and four vectors (for what is left of
 * a head one vector) of elements, so that a loaded value serves several rows. The size of a tile changes no bit: each sum
 * is a chain of its own.
 */
final class AttentionValues {
    private static final int COLUMNS = 4 * Lanes.COUNT;

    private AttentionValues() {}

    /**
     * Adds the weighted values of the first positions to the sums of a register tile's rows.
     *
     * @param values address of [positions][headSize]; up to 15 elements behind them are read, but come to nothing
     * @param weights address of [rows][64]
     * @param sums address of [rows][headSize padded to 16]
     * @param rows 1, 2 or 4
     */
    static void add(long values, int headSize, int positions, long weights, long sums, int rows) {
        int column = 0;
        for (; column <= headSize - COLUMNS; column += COLUMNS) {
            long shift = column * FLOAT_BYTES;
            switch (rows) {
                case 4 -> sumFourColumns(values + shift, headSize, positions, weights, sums + shift);
                case 2 -> sumTwoColumns(values + shift, headSize, positions, weights, sums + shift);
                default -> sumOneColumns(values + shift, headSize, positions, weights, sums + shift);
            }
        }
        for (; column < headSize; column += Lanes.COUNT) {
            long shift = column * FLOAT_BYTES;
            switch (rows) {
                case 4 -> sumFourVectors(values + shift, headSize, positions, weights, sums + shift);
                case 2 -> sumTwoVectors(values + shift, headSize, positions, weights, sums + shift);
                default -> sumOneVector(values + shift, headSize, positions, weights, sums + shift);
            }
        }
    }

    private static void sumFourColumns(long values, int headSize, int positions, long weights, long sums) {
        long stride = headSize * FLOAT_BYTES;
        long row = rowBytes(headSize);
        long v0 = place(values);
        long w0 = place(weights);
        long s0 = place(sums);
        long s1 = place(sums + row);
        long s2 = place(sums + 2 * row);
        long s3 = place(sums + 3 * row);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + VECTOR_BYTES, LITTLE);
        FloatVector c0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + VECTOR_BYTES, LITTLE);
        FloatVector c1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + 3 * VECTOR_BYTES, LITTLE);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2, LITTLE);
        FloatVector b2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2 + VECTOR_BYTES, LITTLE);
        FloatVector c2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2 + 3 * VECTOR_BYTES, LITTLE);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3, LITTLE);
        FloatVector b3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3 + VECTOR_BYTES, LITTLE);
        FloatVector c3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3 + 3 * VECTOR_BYTES, LITTLE);
        for (int position = 0; position < positions; position++) {
            long value = v0 + position * stride;
            long weight = w0 + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector vb = FloatVector.fromMemorySegment(FLOATS, ALL, value + VECTOR_BYTES, LITTLE);
            FloatVector vc = FloatVector.fromMemorySegment(FLOATS, ALL, value + 2 * VECTOR_BYTES, LITTLE);
            FloatVector vd = FloatVector.fromMemorySegment(FLOATS, ALL, value + 3 * VECTOR_BYTES, LITTLE);
            FloatVector x0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(x0, a0);
            b0 = vb.fma(x0, b0);
            c0 = vc.fma(x0, c0);
            d0 = vd.fma(x0, d0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(x1, a1);
            b1 = vb.fma(x1, b1);
            c1 = vc.fma(x1, c1);
            d1 = vd.fma(x1, d1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * POSITIONS_BYTES));
            a2 = va.fma(x2, a2);
            b2 = vb.fma(x2, b2);
            c2 = vc.fma(x2, c2);
            d2 = vd.fma(x2, d2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * POSITIONS_BYTES));
            a3 = va.fma(x3, a3);
            b3 = vb.fma(x3, b3);
            c3 = vc.fma(x3, c3);
            d3 = vd.fma(x3, d3);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        b0.intoMemorySegment(ALL, s0 + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        a1.intoMemorySegment(ALL, s1, LITTLE);
        b1.intoMemorySegment(ALL, s1 + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(ALL, s1 + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(ALL, s1 + 3 * VECTOR_BYTES, LITTLE);
        a2.intoMemorySegment(ALL, s2, LITTLE);
        b2.intoMemorySegment(ALL, s2 + VECTOR_BYTES, LITTLE);
        c2.intoMemorySegment(ALL, s2 + 2 * VECTOR_BYTES, LITTLE);
        d2.intoMemorySegment(ALL, s2 + 3 * VECTOR_BYTES, LITTLE);
        a3.intoMemorySegment(ALL, s3, LITTLE);
        b3.intoMemorySegment(ALL, s3 + VECTOR_BYTES, LITTLE);
        c3.intoMemorySegment(ALL, s3 + 2 * VECTOR_BYTES, LITTLE);
        d3.intoMemorySegment(ALL, s3 + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void sumTwoColumns(long values, int headSize, int positions, long weights, long sums) {
        long stride = headSize * FLOAT_BYTES;
        long row = rowBytes(headSize);
        long v0 = place(values);
        long w0 = place(weights);
        long s0 = place(sums);
        long s1 = place(sums + row);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + VECTOR_BYTES, LITTLE);
        FloatVector c0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + VECTOR_BYTES, LITTLE);
        FloatVector c1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + 3 * VECTOR_BYTES, LITTLE);
        for (int position = 0; position < positions; position++) {
            long value = v0 + position * stride;
            long weight = w0 + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector vb = FloatVector.fromMemorySegment(FLOATS, ALL, value + VECTOR_BYTES, LITTLE);
            FloatVector vc = FloatVector.fromMemorySegment(FLOATS, ALL, value + 2 * VECTOR_BYTES, LITTLE);
            FloatVector vd = FloatVector.fromMemorySegment(FLOATS, ALL, value + 3 * VECTOR_BYTES, LITTLE);
            FloatVector x0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(x0, a0);
            b0 = vb.fma(x0, b0);
            c0 = vc.fma(x0, c0);
            d0 = vd.fma(x0, d0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(x1, a1);
            b1 = vb.fma(x1, b1);
            c1 = vc.fma(x1, c1);
            d1 = vd.fma(x1, d1);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        b0.intoMemorySegment(ALL, s0 + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        a1.intoMemorySegment(ALL, s1, LITTLE);
        b1.intoMemorySegment(ALL, s1 + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(ALL, s1 + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(ALL, s1 + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void sumOneColumns(long values, int headSize, int positions, long weights, long sums) {
        long stride = headSize * FLOAT_BYTES;
        long v0 = place(values);
        long w0 = place(weights);
        long s0 = place(sums);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + VECTOR_BYTES, LITTLE);
        FloatVector c0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        for (int position = 0; position < positions; position++) {
            long value = v0 + position * stride;
            long weight = w0 + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector vb = FloatVector.fromMemorySegment(FLOATS, ALL, value + VECTOR_BYTES, LITTLE);
            FloatVector vc = FloatVector.fromMemorySegment(FLOATS, ALL, value + 2 * VECTOR_BYTES, LITTLE);
            FloatVector vd = FloatVector.fromMemorySegment(FLOATS, ALL, value + 3 * VECTOR_BYTES, LITTLE);
            FloatVector x0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(x0, a0);
            b0 = vb.fma(x0, b0);
            c0 = vc.fma(x0, c0);
            d0 = vd.fma(x0, d0);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        b0.intoMemorySegment(ALL, s0 + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void sumFourVectors(long values, int headSize, int positions, long weights, long sums) {
        long stride = headSize * FLOAT_BYTES;
        long row = rowBytes(headSize);
        long v0 = place(values);
        long w0 = place(weights);
        long s0 = place(sums);
        long s1 = place(sums + row);
        long s2 = place(sums + 2 * row);
        long s3 = place(sums + 3 * row);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2, LITTLE);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3, LITTLE);
        for (int position = 0; position < positions; position++) {
            long value = v0 + position * stride;
            long weight = w0 + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector x0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(x0, a0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(x1, a1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * POSITIONS_BYTES));
            a2 = va.fma(x2, a2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * POSITIONS_BYTES));
            a3 = va.fma(x3, a3);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        a1.intoMemorySegment(ALL, s1, LITTLE);
        a2.intoMemorySegment(ALL, s2, LITTLE);
        a3.intoMemorySegment(ALL, s3, LITTLE);
    }

    private static void sumTwoVectors(long values, int headSize, int positions, long weights, long sums) {
        long stride = headSize * FLOAT_BYTES;
        long row = rowBytes(headSize);
        long v0 = place(values);
        long w0 = place(weights);
        long s0 = place(sums);
        long s1 = place(sums + row);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        for (int position = 0; position < positions; position++) {
            long value = v0 + position * stride;
            long weight = w0 + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector x0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(x0, a0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(x1, a1);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        a1.intoMemorySegment(ALL, s1, LITTLE);
    }

    private static void sumOneVector(long values, int headSize, int positions, long weights, long sums) {
        long stride = headSize * FLOAT_BYTES;
        long v0 = place(values);
        long w0 = place(weights);
        long s0 = place(sums);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        for (int position = 0; position < positions; position++) {
            long value = v0 + position * stride;
            long weight = w0 + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector x0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(x0, a0);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
    }
}
