package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * One seeded attention of a query row, by the kernels, by the canonical reference and in double precision.
 *
 * @param deviation standard deviation of the query's elements; large ones give scores of thousands
 */
record AttentionCase(int keyValueHeads, int heads, int headSize, int keys, double deviation, long seed) {
    float[] kernel() {
        try (Arena arena = Arena.ofConfined()) {
            KeyValueLayout layout = new KeyValueLayout(keyValueHeads, headSize);
            MemorySegment[] pages = pages(arena, layout);
            MemorySegment query = Samples.segment(arena, query());
            MemorySegment output = arena.allocate((long) heads * headSize * Float.BYTES, 64);
            MemorySegment scratch = arena.allocate(Attention.scratchBytes(heads, layout, keys), 64);
            scratch.fill((byte) 0xff);
            for (int head = 0; head < keyValueHeads; head++) {
                Attention.attend(layout, pages, keys, query, heads, head, scale(), output, scratch);
            }
            return Samples.values(output, heads * headSize);
        }
    }

    float[] reference() {
        float[] query = query();
        float[] output = new float[query.length];
        for (int head = 0; head < heads; head++) {
            int shared = head * keyValueHeads / heads;
            float[] part = CanonicalReference.attend(
                    slice(query, head), slices(keyRows(), shared), slices(valueRows(), shared), scale());
            System.arraycopy(part, 0, output, head * headSize, headSize);
        }
        return output;
    }

    double[] exact() {
        double[] output = new double[heads * headSize];
        float[][] keyRows = keyRows();
        float[][] valueRows = valueRows();
        for (int head = 0; head < heads; head++) {
            int shared = head * keyValueHeads / heads * headSize;
            double[] weights = weights(slice(query(), head), keyRows, shared);
            for (int key = 0; key < keys; key++) {
                for (int d = 0; d < headSize; d++) {
                    output[head * headSize + d] += weights[key] * valueRows[key][shared + d];
                }
            }
        }
        return output;
    }

    private double[] weights(float[] query, float[][] keyRows, int shared) {
        double[] weights = new double[keys];
        double maximum = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < keys; key++) {
            for (int d = 0; d < headSize; d++) {
                weights[key] += (double) query[d] * keyRows[key][shared + d] * scale();
            }
            maximum = Math.max(maximum, weights[key]);
        }
        double sum = 0;
        for (int key = 0; key < keys; key++) {
            weights[key] = Math.exp(weights[key] - maximum);
            sum += weights[key];
        }
        for (int key = 0; key < keys; key++) {
            weights[key] /= sum;
        }
        return weights;
    }

    /** Pages whose unused slots hold NaN, as memory that served another sequence may. */
    private MemorySegment[] pages(Arena arena, KeyValueLayout layout) {
        MemorySegment[] pages = new MemorySegment[Math.ceilDiv(keys, KeyValueLayout.PAGE_POSITIONS)];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = arena.allocate(layout.pageBytes(), 64).fill((byte) 0xff);
        }
        float[][] keyRows = keyRows();
        float[][] valueRows = valueRows();
        for (int position = 0; position < keys; position++) {
            MemorySegment page = pages[position / KeyValueLayout.PAGE_POSITIONS];
            MemorySegment key = Samples.segment(arena, keyRows[position]);
            MemorySegment value = Samples.segment(arena, valueRows[position]);
            Attention.store(layout, page, position % KeyValueLayout.PAGE_POSITIONS, key, value);
        }
        return pages;
    }

    private float scale() {
        return (float) (1 / Math.sqrt(headSize));
    }

    private float[] query() {
        return Samples.normal(new SplittableRandom(seed), heads * headSize, deviation);
    }

    private float[][] keyRows() {
        return Samples.normalRows(new SplittableRandom(seed + 1), keys, keyValueHeads * headSize, 1);
    }

    private float[][] valueRows() {
        return Samples.normalRows(new SplittableRandom(seed + 2), keys, keyValueHeads * headSize, 1);
    }

    private float[] slice(float[] row, int head) {
        float[] part = new float[headSize];
        System.arraycopy(row, head * headSize, part, 0, headSize);
        return part;
    }

    private float[][] slices(float[][] rows, int head) {
        float[][] parts = new float[rows.length][];
        for (int row = 0; row < rows.length; row++) {
            parts[row] = slice(rows[row], head);
        }
        return parts;
    }
}
