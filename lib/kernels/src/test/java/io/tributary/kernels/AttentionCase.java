package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * One seeded attention of the last positions of a sequence, by the kernels, by the canonical reference and in double
 * precision.
 *
 * @param causal whether each position sees itself and those before it, or all of the sequence
 * @param positions of the sequence
 * @param rows how many of them, at the end, attend
 * @param deviation standard deviation of the queries' elements; large ones give scores of thousands
 */
record AttentionCase(
        boolean causal,
        KeyValueType type,
        int keyValueHeads,
        int heads,
        int headSize,
        int positions,
        int rows,
        double deviation,
        long seed) {
    AttentionCase(int keyValueHeads, int heads, int headSize, int positions, int rows, double deviation, long seed) {
        this(KeyValueType.F32, keyValueHeads, heads, headSize, positions, rows, deviation, seed);
    }

    AttentionCase(
            KeyValueType type,
            int keyValueHeads,
            int heads,
            int headSize,
            int positions,
            int rows,
            double deviation,
            long seed) {
        this(true, type, keyValueHeads, heads, headSize, positions, rows, deviation, seed);
    }

    /** The same numbers, but each position sees all. */
    AttentionCase amongAll() {
        return new AttentionCase(false, type, keyValueHeads, heads, headSize, positions, rows, deviation, seed);
    }

    /** How many keys a row sees. */
    private int keys(int row) {
        return causal ? positions - rows + row + 1 : positions;
    }

    /** By tiles of at most so many positions. */
    float[] kernel(int tilePositions) {
        try (Arena arena = Arena.ofConfined()) {
            KeyValueLayout layout = new KeyValueLayout(keyValueHeads, headSize, type);
            Attention attention = new Attention(layout, heads, scale());
            MemorySegment[] pages = pages(arena, layout);
            FloatMatrix queries = Samples.matrix(arena, queries());
            FloatMatrix outputs = FloatMatrix.allocate(arena, rows, heads * headSize);
            MemorySegment scratch = arena.allocate(attention.scratchBytes(), 64).fill((byte) 0xff);
            AttentionTile tile = new AttentionTile(scratch);
            int step = Math.min(tilePositions, attention.tilePositions());
            for (int first = 0; first < rows; first += step) {
                int height = Math.min(step, rows - first);
                if (causal) {
                    tile.place(pages, positions - rows + first, first, height);
                } else {
                    tile.placeAmong(pages, positions, first, height);
                }
                for (int head = 0; head < keyValueHeads; head++) {
                    attention.attend(tile, head, queries, outputs);
                }
            }
            return Samples.values(outputs);
        }
    }

    float[] kernel() {
        return kernel(Integer.MAX_VALUE);
    }

    float[] reference() {
        float[][] queries = queries();
        float[][] keyRows = keyRows();
        float[][] valueRows = valueRows();
        float[] output = new float[rows * heads * headSize];
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < heads; head++) {
                int shared = head * keyValueHeads / heads;
                int keys = keys(row);
                float[] part = CanonicalReference.attend(
                        slice(queries[row], head),
                        slices(keyRows, keys, shared),
                        slices(valueRows, keys, shared),
                        scale());
                System.arraycopy(part, 0, output, (row * heads + head) * headSize, headSize);
            }
        }
        return output;
    }

    double[] exact() {
        double[] output = new double[rows * heads * headSize];
        float[][] queries = queries();
        float[][] keyRows = keyRows();
        float[][] valueRows = valueRows();
        for (int row = 0; row < rows; row++) {
            int keys = keys(row);
            for (int head = 0; head < heads; head++) {
                int shared = head * keyValueHeads / heads * headSize;
                double[] weights = weights(slice(queries[row], head), keyRows, keys, shared);
                for (int key = 0; key < keys; key++) {
                    for (int d = 0; d < headSize; d++) {
                        output[(row * heads + head) * headSize + d] += weights[key] * valueRows[key][shared + d];
                    }
                }
            }
        }
        return output;
    }

    private double[] weights(float[] query, float[][] keyRows, int keys, int shared) {
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
        MemorySegment[] pages = new MemorySegment[Math.ceilDiv(positions, KeyValueLayout.PAGE_POSITIONS)];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = arena.allocate(layout.pageBytes(), 64).fill((byte) 0xff);
        }
        float[][] keyRows = keyRows();
        float[][] valueRows = valueRows();
        for (int position = 0; position < positions; position++) {
            MemorySegment page = pages[position / KeyValueLayout.PAGE_POSITIONS];
            MemorySegment key = Samples.segment(arena, keyRows[position]);
            MemorySegment value = Samples.segment(arena, valueRows[position]);
            for (int head = 0; head < keyValueHeads; head++) {
                KeyValueStore.store(layout, page, position % KeyValueLayout.PAGE_POSITIONS, head, key, value);
            }
        }
        return pages;
    }

    private float scale() {
        return (float) (1 / Math.sqrt(headSize));
    }

    private float[][] queries() {
        return Samples.normalRows(new SplittableRandom(seed), rows, heads * headSize, deviation);
    }

    private float[][] keyRows() {
        return Samples.normalRows(new SplittableRandom(seed + 1), positions, keyValueHeads * headSize, 1);
    }

    private float[][] valueRows() {
        return Samples.normalRows(new SplittableRandom(seed + 2), positions, keyValueHeads * headSize, 1);
    }

    private float[] slice(float[] row, int head) {
        float[] part = new float[headSize];
        System.arraycopy(row, head * headSize, part, 0, headSize);
        return part;
    }

    private float[][] slices(float[][] rows, int count, int head) {
        float[][] parts = new float[count][];
        for (int row = 0; row < count; row++) {
            parts[row] = StoredNumbers.of(type, slice(rows[row], head));
        }
        return parts;
    }
}
