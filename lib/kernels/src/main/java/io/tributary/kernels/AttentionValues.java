package io.tributary.kernels;

import static io.tributary.kernels.AttentionOperands.FLOAT_BYTES;
import static io.tributary.kernels.AttentionOperands.POSITIONS_BYTES;
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

    /** Adds the weighted values that each row sees to its sums. */
    static void add(AttentionOperands operands) {
        int row = operands.firstRow;
        while (row < operands.endRow) {
            int height = AttentionScores.tileHeight(operands.endRow - row);
            int shared = operands.keys(row);
            addRows(operands, row, height, 0, shared);
            // Later rows of the tile may see some more keys than its first row.
            for (int later = row + 1; later < row + height; later++) {
                addRows(operands, later, 1, shared, operands.keys(later));
            }
            row += height;
        }
    }

    private static void addRows(AttentionOperands operands, int row, int height, int from, int to) {
        if (from == to) {
            return;
        }
        int column = 0;
        for (; column <= operands.headSize - COLUMNS; column += COLUMNS) {
            switch (height) {
                case 4 -> addFourColumns(operands, row, column, from, to);
                case 2 -> addTwoColumns(operands, row, column, from, to);
                default -> addOneColumns(operands, row, column, from, to);
            }
        }
        for (; column < operands.headSize; column += Lanes.COUNT) {
            switch (height) {
                case 4 -> addFourVectors(operands, row, column, from, to);
                case 2 -> addTwoVectors(operands, row, column, from, to);
                default -> addOneVector(operands, row, column, from, to);
            }
        }
    }

    private static void addFourColumns(AttentionOperands operands, int row, int column, int from, int to) {
        int step = operands.step;
        long stride = operands.headSize * FLOAT_BYTES;
        long values = place(operands.values + column * FLOAT_BYTES);
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long rowBytes = operands.rowBytes;
        long s0 = place(operands.sums + row * rowBytes + column * FLOAT_BYTES);
        long s1 = place(s0 + rowBytes);
        long s2 = place(s0 + 2 * rowBytes);
        long s3 = place(s0 + 3 * rowBytes);
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
        for (int position = from; position < to; position += step) {
            long value = values + position * stride;
            long weight = weights + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector vb = FloatVector.fromMemorySegment(FLOATS, ALL, value + VECTOR_BYTES, LITTLE);
            FloatVector vc = FloatVector.fromMemorySegment(FLOATS, ALL, value + 2 * VECTOR_BYTES, LITTLE);
            FloatVector vd = FloatVector.fromMemorySegment(FLOATS, ALL, value + 3 * VECTOR_BYTES, LITTLE);
            FloatVector w0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(w0, a0);
            b0 = vb.fma(w0, b0);
            c0 = vc.fma(w0, c0);
            d0 = vd.fma(w0, d0);
            FloatVector w1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(w1, a1);
            b1 = vb.fma(w1, b1);
            c1 = vc.fma(w1, c1);
            d1 = vd.fma(w1, d1);
            FloatVector w2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * POSITIONS_BYTES));
            a2 = va.fma(w2, a2);
            b2 = vb.fma(w2, b2);
            c2 = vc.fma(w2, c2);
            d2 = vd.fma(w2, d2);
            FloatVector w3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * POSITIONS_BYTES));
            a3 = va.fma(w3, a3);
            b3 = vb.fma(w3, b3);
            c3 = vc.fma(w3, c3);
            d3 = vd.fma(w3, d3);
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

    private static void addTwoColumns(AttentionOperands operands, int row, int column, int from, int to) {
        int step = operands.step;
        long stride = operands.headSize * FLOAT_BYTES;
        long values = place(operands.values + column * FLOAT_BYTES);
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long rowBytes = operands.rowBytes;
        long s0 = place(operands.sums + row * rowBytes + column * FLOAT_BYTES);
        long s1 = place(s0 + rowBytes);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + VECTOR_BYTES, LITTLE);
        FloatVector c0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + VECTOR_BYTES, LITTLE);
        FloatVector c1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1 + 3 * VECTOR_BYTES, LITTLE);
        for (int position = from; position < to; position += step) {
            long value = values + position * stride;
            long weight = weights + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector vb = FloatVector.fromMemorySegment(FLOATS, ALL, value + VECTOR_BYTES, LITTLE);
            FloatVector vc = FloatVector.fromMemorySegment(FLOATS, ALL, value + 2 * VECTOR_BYTES, LITTLE);
            FloatVector vd = FloatVector.fromMemorySegment(FLOATS, ALL, value + 3 * VECTOR_BYTES, LITTLE);
            FloatVector w0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(w0, a0);
            b0 = vb.fma(w0, b0);
            c0 = vc.fma(w0, c0);
            d0 = vd.fma(w0, d0);
            FloatVector w1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(w1, a1);
            b1 = vb.fma(w1, b1);
            c1 = vc.fma(w1, c1);
            d1 = vd.fma(w1, d1);
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

    private static void addOneColumns(AttentionOperands operands, int row, int column, int from, int to) {
        int step = operands.step;
        long stride = operands.headSize * FLOAT_BYTES;
        long values = place(operands.values + column * FLOAT_BYTES);
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long s0 = place(operands.sums + row * operands.rowBytes + column * FLOAT_BYTES);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + VECTOR_BYTES, LITTLE);
        FloatVector c0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        FloatVector d0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
        for (int position = from; position < to; position += step) {
            long value = values + position * stride;
            long weight = weights + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector vb = FloatVector.fromMemorySegment(FLOATS, ALL, value + VECTOR_BYTES, LITTLE);
            FloatVector vc = FloatVector.fromMemorySegment(FLOATS, ALL, value + 2 * VECTOR_BYTES, LITTLE);
            FloatVector vd = FloatVector.fromMemorySegment(FLOATS, ALL, value + 3 * VECTOR_BYTES, LITTLE);
            FloatVector w0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(w0, a0);
            b0 = vb.fma(w0, b0);
            c0 = vc.fma(w0, c0);
            d0 = vd.fma(w0, d0);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        b0.intoMemorySegment(ALL, s0 + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, s0 + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, s0 + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void addFourVectors(AttentionOperands operands, int row, int column, int from, int to) {
        int step = operands.step;
        long stride = operands.headSize * FLOAT_BYTES;
        long values = place(operands.values + column * FLOAT_BYTES);
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long rowBytes = operands.rowBytes;
        long s0 = place(operands.sums + row * rowBytes + column * FLOAT_BYTES);
        long s1 = place(s0 + rowBytes);
        long s2 = place(s0 + 2 * rowBytes);
        long s3 = place(s0 + 3 * rowBytes);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, s2, LITTLE);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, s3, LITTLE);
        for (int position = from; position < to; position += step) {
            long value = values + position * stride;
            long weight = weights + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector w0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(w0, a0);
            FloatVector w1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(w1, a1);
            FloatVector w2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * POSITIONS_BYTES));
            a2 = va.fma(w2, a2);
            FloatVector w3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * POSITIONS_BYTES));
            a3 = va.fma(w3, a3);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        a1.intoMemorySegment(ALL, s1, LITTLE);
        a2.intoMemorySegment(ALL, s2, LITTLE);
        a3.intoMemorySegment(ALL, s3, LITTLE);
    }

    private static void addTwoVectors(AttentionOperands operands, int row, int column, int from, int to) {
        int step = operands.step;
        long stride = operands.headSize * FLOAT_BYTES;
        long values = place(operands.values + column * FLOAT_BYTES);
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long rowBytes = operands.rowBytes;
        long s0 = place(operands.sums + row * rowBytes + column * FLOAT_BYTES);
        long s1 = place(s0 + rowBytes);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, s1, LITTLE);
        for (int position = from; position < to; position += step) {
            long value = values + position * stride;
            long weight = weights + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector w0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(w0, a0);
            FloatVector w1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + POSITIONS_BYTES));
            a1 = va.fma(w1, a1);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
        a1.intoMemorySegment(ALL, s1, LITTLE);
    }

    private static void addOneVector(AttentionOperands operands, int row, int column, int from, int to) {
        int step = operands.step;
        long stride = operands.headSize * FLOAT_BYTES;
        long values = place(operands.values + column * FLOAT_BYTES);
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long s0 = place(operands.sums + row * operands.rowBytes + column * FLOAT_BYTES);
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, s0, LITTLE);
        for (int position = from; position < to; position += step) {
            long value = values + position * stride;
            long weight = weights + position * FLOAT_BYTES;
            FloatVector va = FloatVector.fromMemorySegment(FLOATS, ALL, value, LITTLE);
            FloatVector w0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a0 = va.fma(w0, a0);
        }
        a0.intoMemorySegment(ALL, s0, LITTLE);
    }
}
