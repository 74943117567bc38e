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
 * Raw scores of query rows against the 64 keys of a page, by register tiles of four vectors of keys and four, two or one
 * rows, so that a loaded key serves several rows. The height of a tile changes no bit: each score is a chain of its own.
 */
final class AttentionScores {
    private static final int COLUMNS = 4 * Lanes.COUNT;

    private AttentionScores() {}

    /** Writes the scores, unscaled; those of positions that hold no key are of no meaning. */
    static void score(AttentionOperands operands) {
        int row = operands.firstRow;
        while (row < operands.endRow) {
            int height = tileHeight(operands.endRow - row);
            for (int column = 0; column < KeyValueLayout.PAGE_POSITIONS; column += COLUMNS) {
                switch (height) {
                    case 4 -> scoreFour(operands, row, column);
                    case 2 -> scoreTwo(operands, row, column);
                    default -> scoreOne(operands, row, column);
                }
            }
            row += height;
        }
    }

    /** Rows of the next register tile when some are left. */
    static int tileHeight(int rows) {
        // Machines of 256 bits have 16 vector registers, too few for 16 sums.
        if (rows >= 4 && Lanes.COUNT != 8) {
            return 4;
        }
        return rows >= 2 ? 2 : 1;
    }

    private static void scoreFour(AttentionOperands operands, int row, int column) {
        int step = operands.step;
        int headSize = operands.headSize;
        long rowBytes = operands.rowBytes;
        long keys = place(operands.keys + column * FLOAT_BYTES);
        long q0 = place(operands.queries + row * rowBytes);
        long q1 = place(q0 + rowBytes);
        long q2 = place(q0 + 2 * rowBytes);
        long q3 = place(q0 + 3 * rowBytes);
        long scores = place(operands.scores + row * POSITIONS_BYTES + column * FLOAT_BYTES);
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector b1 = FloatVector.zero(FLOATS);
        FloatVector c1 = FloatVector.zero(FLOATS);
        FloatVector d1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector b2 = FloatVector.zero(FLOATS);
        FloatVector c2 = FloatVector.zero(FLOATS);
        FloatVector d2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        FloatVector b3 = FloatVector.zero(FLOATS);
        FloatVector c3 = FloatVector.zero(FLOATS);
        FloatVector d3 = FloatVector.zero(FLOATS);
        for (int d = 0; d < headSize; d += step) {
            long key = keys + d * POSITIONS_BYTES;
            FloatVector ka = FloatVector.fromMemorySegment(FLOATS, ALL, key, LITTLE);
            FloatVector kb = FloatVector.fromMemorySegment(FLOATS, ALL, key + VECTOR_BYTES, LITTLE);
            FloatVector kc = FloatVector.fromMemorySegment(FLOATS, ALL, key + 2 * VECTOR_BYTES, LITTLE);
            FloatVector kd = FloatVector.fromMemorySegment(FLOATS, ALL, key + 3 * VECTOR_BYTES, LITTLE);
            FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q0 + d * FLOAT_BYTES));
            a0 = ka.fma(v0, a0);
            b0 = kb.fma(v0, b0);
            c0 = kc.fma(v0, c0);
            d0 = kd.fma(v0, d0);
            FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q1 + d * FLOAT_BYTES));
            a1 = ka.fma(v1, a1);
            b1 = kb.fma(v1, b1);
            c1 = kc.fma(v1, c1);
            d1 = kd.fma(v1, d1);
            FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q2 + d * FLOAT_BYTES));
            a2 = ka.fma(v2, a2);
            b2 = kb.fma(v2, b2);
            c2 = kc.fma(v2, c2);
            d2 = kd.fma(v2, d2);
            FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q3 + d * FLOAT_BYTES));
            a3 = ka.fma(v3, a3);
            b3 = kb.fma(v3, b3);
            c3 = kc.fma(v3, c3);
            d3 = kd.fma(v3, d3);
        }
        a0.intoMemorySegment(ALL, scores, LITTLE);
        b0.intoMemorySegment(ALL, scores + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, scores + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, scores + 3 * VECTOR_BYTES, LITTLE);
        a1.intoMemorySegment(ALL, scores + POSITIONS_BYTES, LITTLE);
        b1.intoMemorySegment(ALL, scores + POSITIONS_BYTES + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(ALL, scores + POSITIONS_BYTES + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(ALL, scores + POSITIONS_BYTES + 3 * VECTOR_BYTES, LITTLE);
        a2.intoMemorySegment(ALL, scores + 2 * POSITIONS_BYTES, LITTLE);
        b2.intoMemorySegment(ALL, scores + 2 * POSITIONS_BYTES + VECTOR_BYTES, LITTLE);
        c2.intoMemorySegment(ALL, scores + 2 * POSITIONS_BYTES + 2 * VECTOR_BYTES, LITTLE);
        d2.intoMemorySegment(ALL, scores + 2 * POSITIONS_BYTES + 3 * VECTOR_BYTES, LITTLE);
        a3.intoMemorySegment(ALL, scores + 3 * POSITIONS_BYTES, LITTLE);
        b3.intoMemorySegment(ALL, scores + 3 * POSITIONS_BYTES + VECTOR_BYTES, LITTLE);
        c3.intoMemorySegment(ALL, scores + 3 * POSITIONS_BYTES + 2 * VECTOR_BYTES, LITTLE);
        d3.intoMemorySegment(ALL, scores + 3 * POSITIONS_BYTES + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void scoreTwo(AttentionOperands operands, int row, int column) {
        int step = operands.step;
        int headSize = operands.headSize;
        long rowBytes = operands.rowBytes;
        long keys = place(operands.keys + column * FLOAT_BYTES);
        long q0 = place(operands.queries + row * rowBytes);
        long q1 = place(q0 + rowBytes);
        long scores = place(operands.scores + row * POSITIONS_BYTES + column * FLOAT_BYTES);
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector b1 = FloatVector.zero(FLOATS);
        FloatVector c1 = FloatVector.zero(FLOATS);
        FloatVector d1 = FloatVector.zero(FLOATS);
        for (int d = 0; d < headSize; d += step) {
            long key = keys + d * POSITIONS_BYTES;
            FloatVector ka = FloatVector.fromMemorySegment(FLOATS, ALL, key, LITTLE);
            FloatVector kb = FloatVector.fromMemorySegment(FLOATS, ALL, key + VECTOR_BYTES, LITTLE);
            FloatVector kc = FloatVector.fromMemorySegment(FLOATS, ALL, key + 2 * VECTOR_BYTES, LITTLE);
            FloatVector kd = FloatVector.fromMemorySegment(FLOATS, ALL, key + 3 * VECTOR_BYTES, LITTLE);
            FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q0 + d * FLOAT_BYTES));
            a0 = ka.fma(v0, a0);
            b0 = kb.fma(v0, b0);
            c0 = kc.fma(v0, c0);
            d0 = kd.fma(v0, d0);
            FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q1 + d * FLOAT_BYTES));
            a1 = ka.fma(v1, a1);
            b1 = kb.fma(v1, b1);
            c1 = kc.fma(v1, c1);
            d1 = kd.fma(v1, d1);
        }
        a0.intoMemorySegment(ALL, scores, LITTLE);
        b0.intoMemorySegment(ALL, scores + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, scores + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, scores + 3 * VECTOR_BYTES, LITTLE);
        a1.intoMemorySegment(ALL, scores + POSITIONS_BYTES, LITTLE);
        b1.intoMemorySegment(ALL, scores + POSITIONS_BYTES + VECTOR_BYTES, LITTLE);
        c1.intoMemorySegment(ALL, scores + POSITIONS_BYTES + 2 * VECTOR_BYTES, LITTLE);
        d1.intoMemorySegment(ALL, scores + POSITIONS_BYTES + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void scoreOne(AttentionOperands operands, int row, int column) {
        int step = operands.step;
        int headSize = operands.headSize;
        long keys = place(operands.keys + column * FLOAT_BYTES);
        long q0 = place(operands.queries + row * operands.rowBytes);
        long scores = place(operands.scores + row * POSITIONS_BYTES + column * FLOAT_BYTES);
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = FloatVector.zero(FLOATS);
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector d0 = FloatVector.zero(FLOATS);
        for (int d = 0; d < headSize; d += step) {
            long key = keys + d * POSITIONS_BYTES;
            FloatVector ka = FloatVector.fromMemorySegment(FLOATS, ALL, key, LITTLE);
            FloatVector kb = FloatVector.fromMemorySegment(FLOATS, ALL, key + VECTOR_BYTES, LITTLE);
            FloatVector kc = FloatVector.fromMemorySegment(FLOATS, ALL, key + 2 * VECTOR_BYTES, LITTLE);
            FloatVector kd = FloatVector.fromMemorySegment(FLOATS, ALL, key + 3 * VECTOR_BYTES, LITTLE);
            FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, q0 + d * FLOAT_BYTES));
            a0 = ka.fma(v0, a0);
            b0 = kb.fma(v0, b0);
            c0 = kc.fma(v0, c0);
            d0 = kd.fma(v0, d0);
        }
        a0.intoMemorySegment(ALL, scores, LITTLE);
        b0.intoMemorySegment(ALL, scores + VECTOR_BYTES, LITTLE);
        c0.intoMemorySegment(ALL, scores + 2 * VECTOR_BYTES, LITTLE);
        d0.intoMemorySegment(ALL, scores + 3 * VECTOR_BYTES, LITTLE);
    }
}
