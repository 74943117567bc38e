package io.tributary.kernels;

import static io.tributary.kernels.AttentionOperands.FLOAT_BYTES;
import static io.tributary.kernels.AttentionOperands.LANES_BYTES;
import static io.tributary.kernels.AttentionOperands.POSITIONS_BYTES;
import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import java.lang.foreign.ValueLayout;

/** Attention as plain loops, row by row, for a JVM that does not compile vectors. */
final class ScalarAttentionKernels implements AttentionKernels {
    @Override
    public void begin(AttentionOperands operands) {
        for (int row = 0; row < operands.endRow; row++) {
            set(operands.maxima, row, Float.NEGATIVE_INFINITY);
            clear(operands.lanes + row * LANES_BYTES, VirtualLanes.COUNT);
            clear(operands.sums + row * operands.rowBytes, operands.headSize);
        }
    }

    @Override
    public void attend(AttentionOperands operands) {
        for (int row = operands.firstRow; row < operands.endRow; row++) {
            int keys = operands.keys(row);
            score(operands, row, keys);
            weigh(operands, row, keys);
            addValues(operands, row, keys);
        }
    }

    @Override
    public void scale(long source, float factor, long target, int count) {
        for (int i = 0; i < count; i++) {
            set(target, i, get(source, i) * factor);
        }
    }

    @Override
    public void widen(KeyValueLayout layout, long source, long target) {
        int count = layout.headElements();
        switch (layout.type()) {
            case F32 -> throw new IllegalArgumentException("float32 keys and values are read from their page");
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    set(target, i, Float.float16ToFloat(bits(source, i)));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    set(target, i, Float.intBitsToFloat(bits(source, i) << Short.SIZE));
                }
            }
            case Q8 -> widenBytes(layout, source, target);
        }
    }

    private static void widenBytes(KeyValueLayout layout, long source, long target) {
        int values = layout.headElements() / 2;
        long valueScales = source + layout.scalesOffset();
        long keyScales = valueScales + POSITIONS_BYTES;
        for (int i = 0; i < values; i++) {
            set(target, i, quant(source, i) * get(valueScales, i / layout.headSize()));
            int key = values + i;
            set(target, key, quant(source, key) * get(keyScales, i % PAGE_POSITIONS));
        }
    }

    private static void score(AttentionOperands operands, int row, int keys) {
        long scores = operands.scores + row * POSITIONS_BYTES;
        clear(scores, keys);
        for (int d = 0; d < operands.headSize; d++) {
            float query = get(operands.queries + row * operands.rowBytes, d);
            long elements = operands.keys + d * POSITIONS_BYTES;
            for (int key = 0; key < keys; key++) {
                set(scores, key, Math.fma(get(elements, key), query, get(scores, key)));
            }
        }
    }

    /** Turns the scores into weights relative to the new maximum, and brings the sums so far to it. */
    private static void weigh(AttentionOperands operands, int row, int keys) {
        long scores = operands.scores + row * POSITIONS_BYTES;
        long lanes = operands.lanes + row * LANES_BYTES;
        float before = get(operands.maxima, row);
        float maximum = before;
        for (int key = 0; key < keys; key++) {
            float score = get(scores, key) * operands.scale;
            set(scores, key, score);
            maximum = Math.max(maximum, score);
        }
        set(operands.maxima, row, maximum);
        float factor = Exponential.exp(before - maximum);
        scale(lanes, factor, VirtualLanes.COUNT);
        scale(operands.sums + row * operands.rowBytes, factor, operands.headSize);
        for (int key = 0; key < keys; key++) {
            float weight = Exponential.exp(get(scores, key) - maximum);
            set(scores, key, weight);
            int lane = key % VirtualLanes.COUNT;
            set(lanes, lane, get(lanes, lane) + weight);
        }
    }

    private static void addValues(AttentionOperands operands, int row, int keys) {
        long sums = operands.sums + row * operands.rowBytes;
        for (int key = 0; key < keys; key++) {
            float weight = get(operands.scores + row * POSITIONS_BYTES, key);
            long value = operands.values + (long) key * operands.headSize * FLOAT_BYTES;
            for (int d = 0; d < operands.headSize; d++) {
                set(sums, d, Math.fma(get(value, d), weight, get(sums, d)));
            }
        }
    }

    private static void scale(long values, float factor, int count) {
        for (int i = 0; i < count; i++) {
            set(values, i, get(values, i) * factor);
        }
    }

    private static void clear(long values, int count) {
        for (int i = 0; i < count; i++) {
            set(values, i, 0f);
        }
    }

    private static float get(long values, int index) {
        return ALL.get(FLOAT, place(values + index * FLOAT_BYTES));
    }

    private static void set(long values, int index, float value) {
        ALL.set(FLOAT, place(values + index * FLOAT_BYTES), value);
    }

    private static short bits(long source, int index) {
        return ALL.get(RowMajorWeights.SHORT, place(source + (long) index * Short.BYTES));
    }

    private static byte quant(long source, int index) {
        return ALL.get(ValueLayout.JAVA_BYTE, place(source + index));
    }
}
