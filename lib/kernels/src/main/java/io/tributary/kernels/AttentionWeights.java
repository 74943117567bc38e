package io.tributary.kernels;

import static io.tributary.kernels.AttentionOperands.FLOAT_BYTES;
import static io.tributary.kernels.AttentionOperands.LANES_BYTES;
import static io.tributary.kernels.AttentionOperands.POSITIONS_BYTES;
import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The online softmax of the rows of a tile over pages of keys. Each step is done for all rows before the next begins: the
 * steps of one row wait for each other, those of different rows do not.
 */
final class AttentionWeights {
    private AttentionWeights() {}

    /** Makes the rows ones that have seen no key. */
    static void begin(AttentionOperands operands, int rows) {
        Lanes.clear(ALL, place(operands.sums), rows * operands.rowBytes);
        Lanes.clear(ALL, place(operands.lanes), rows * LANES_BYTES);
        for (int row = 0; row < rows; row++) {
            ALL.set(FLOAT, place(operands.maxima + row * FLOAT_BYTES), Float.NEGATIVE_INFINITY);
        }
    }

    /** Turns the raw scores of a page into weights relative to the new maxima, and brings the sums so far to these. */
    static void weigh(AttentionOperands operands) {
        for (int row = operands.firstRow; row < operands.endRow; row++) {
            raiseMaximum(operands, row, padded(operands, row));
        }
        long factors = place(operands.factors + operands.firstRow * FLOAT_BYTES);
        RowKernels.CURRENT.exponentiate(ALL, factors, 1f, 0f, ALL, factors, operands.endRow - operands.firstRow);
        for (int row = operands.firstRow; row < operands.endRow; row++) {
            long scores = place(operands.scores + row * POSITIONS_BYTES);
            float maximum = ALL.get(FLOAT, place(operands.maxima + row * FLOAT_BYTES));
            RowKernels.CURRENT.exponentiate(
                    ALL, scores, 1f, -maximum, ALL, scores, VirtualLanes.roundUp(operands.keys(row)));
        }
        for (int row = operands.firstRow; row < operands.endRow; row++) {
            float factor = ALL.get(FLOAT, place(operands.factors + row * FLOAT_BYTES));
            addToLanes(operands, row, VirtualLanes.roundUp(operands.keys(row)), factor);
            if (factor != 1f) {
                long sum = operands.sums + row * operands.rowBytes;
                scale(sum, factor, sum, operands.headSize);
            }
        }
    }

    /** See {@link AttentionKernels#scale}. */
    static void scale(long source, float factor, long target, int count) {
        long from = place(source);
        long to = place(target);
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = i * FLOAT_BYTES;
            Lanes.store(Lanes.load(ALL, from + offset).mul(factor), ALL, to + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = i * FLOAT_BYTES;
            ALL.set(FLOAT, to + offset, ALL.get(FLOAT, from + offset) * factor);
        }
    }

    /** Makes the positions up to the next whole group, which take no part, ones of weight 0; returns where they end. */
    private static int padded(AttentionOperands operands, int row) {
        int keys = operands.keys(row);
        int end = VirtualLanes.roundUp(keys);
        long scores = place(operands.scores + row * POSITIONS_BYTES);
        for (int position = keys; position < end; position++) {
            ALL.set(FLOAT, scores + position * FLOAT_BYTES, Float.NEGATIVE_INFINITY);
        }
        return end;
    }

    /** Scales the scores and leaves the new maximum, and the old one less the new as the exponent of the factor. */
    private static void raiseMaximum(AttentionOperands operands, int row, int count) {
        float scale = operands.scale;
        long scores = place(operands.scores + row * POSITIONS_BYTES);
        FloatVector maxima = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long offset = scores + i * FLOAT_BYTES;
            FloatVector scaled = Lanes.load(ALL, offset).mul(scale);
            Lanes.store(scaled, ALL, offset);
            maxima = maxima.max(scaled);
        }
        long place = place(operands.maxima + row * FLOAT_BYTES);
        float before = ALL.get(FLOAT, place);
        float maximum = Math.max(before, maxima.reduceLanes(VectorOperators.MAX));
        ALL.set(FLOAT, place, maximum);
        ALL.set(FLOAT, place(operands.factors + row * FLOAT_BYTES), before - maximum);
    }

    private static void addToLanes(AttentionOperands operands, int row, int count, float factor) {
        long weights = place(operands.scores + row * POSITIONS_BYTES);
        long lanes = place(operands.lanes + row * LANES_BYTES);
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += Lanes.COUNT) {
            long offset = lane * FLOAT_BYTES;
            FloatVector sum = Lanes.load(ALL, lanes + offset).mul(factor);
            for (int i = lane; i < count; i += VirtualLanes.COUNT) {
                sum = sum.add(Lanes.load(ALL, weights + i * FLOAT_BYTES));
            }
            Lanes.store(sum, ALL, lanes + offset);
        }
    }
}
