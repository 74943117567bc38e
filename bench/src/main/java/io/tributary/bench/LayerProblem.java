package io.tributary.bench;

import io.tributary.kernels.Attention;
import io.tributary.kernels.AttentionTile;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueStore;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Seeded rows, keys and values in the shape of one layer of a 1.1B model, and plain loops that say what is right. */
final class LayerProblem implements AutoCloseable {
    /** Elements of a row. */
    static final int WIDTH = 2048;
    /** Elements of a head. */
    static final int HEAD_SIZE = 64;
    /** Query heads. */
    static final int HEADS = WIDTH / HEAD_SIZE;

    static final float EPSILON = 1e-5f;
    static final float SCALE = 0.125f;

    private static final int KEY_VALUE_HEADS = 4;
    private static final long SEED = 20_261_124;
    private static final double TOLERANCE = 2e-5;

    final Arena arena = Arena.ofShared();
    final WorkPool pool;
    final FloatMatrix x;
    final FloatMatrix weight;
    final FloatMatrix y;
    final FloatMatrix cosine;
    final FloatMatrix sine;
    final Attention attention;

    private final KeyValueLayout layout = new KeyValueLayout(KEY_VALUE_HEADS, HEAD_SIZE, KeyValueType.F32);
    private final MemorySegment[] pages;
    private final AttentionTile[] tiles;
    private final float[][] keys;
    private final float[][] values;
    private final int firstPosition;

    /** @param rows positions that are computed together, the last of {@code context} positions */
    LayerProblem(int rows, int context, int threads) {
        pool = new WorkPool(threads);
        SplittableRandom random = new SplittableRandom(SEED);
        x = matrix(random, rows, WIDTH);
        weight = matrix(random, 1, WIDTH);
        y = FloatMatrix.allocate(arena, rows, WIDTH);
        cosine = matrix(random, rows, HEAD_SIZE / 2);
        sine = matrix(random, rows, HEAD_SIZE / 2);
        firstPosition = context - rows;
        keys = new float[context][];
        values = new float[context][];
        pages = new MemorySegment[Math.ceilDiv(context, KeyValueLayout.PAGE_POSITIONS)];
        fillPages(random);
        attention = new Attention(layout, HEADS, SCALE);
        tiles = new AttentionTile[threads];
        for (int worker = 0; worker < threads; worker++) {
            tiles[worker] = new AttentionTile(arena.allocate(attention.scratchBytes(), FloatMatrix.ALIGNMENT));
        }
    }

    /** Lets all rows attend; the threads share tiles of positions and key/value heads. */
    void attend() {
        int positions = attention.tilePositions();
        pool.forEach(Math.ceilDiv(x.rows(), positions) * KEY_VALUE_HEADS, (part, worker) -> {
            int row = part / KEY_VALUE_HEADS * positions;
            int count = Math.min(positions, x.rows() - row);
            tiles[worker].place(pages, firstPosition + row, row, count);
            attention.attend(tiles[worker], part % KEY_VALUE_HEADS, x, y);
        });
    }

    /**
     * Compares the attention of the last row with plain loops.
     *
     * @throws IllegalStateException when an element differs by more than rounding
     */
    void checkAttention() {
        attend();
        int row = x.rows() - 1;
        for (int head = 0; head < HEADS; head++) {
            double[] expected = attended(row, head);
            for (int d = 0; d < HEAD_SIZE; d++) {
                require("attention", expected[d], y.get(row, head * HEAD_SIZE + d));
            }
        }
    }

    /**
     * Compares a number with what it should be.
     *
     * @throws IllegalStateException when they differ by more than rounding
     */
    static void require(String kernel, double expected, double actual) {
        // Written so that a NaN fails too.
        if (!(Math.abs(expected - actual) <= TOLERANCE * Math.max(1, Math.abs(expected)))) {
            throw new IllegalStateException(kernel + " gives " + actual + "; plain loops give " + expected);
        }
    }

    @Override
    public void close() {
        pool.close();
        arena.close();
    }

    private double[] attended(int row, int head) {
        int keyValue = head / (HEADS / KEY_VALUE_HEADS) * HEAD_SIZE;
        double[] sums = new double[HEAD_SIZE];
        double weights = 0;
        for (int position = 0; position <= firstPosition + row; position++) {
            double score = 0;
            for (int d = 0; d < HEAD_SIZE; d++) {
                score += (double) x.get(row, head * HEAD_SIZE + d) * keys[position][keyValue + d];
            }
            double exponential = Math.exp(score * SCALE);
            weights += exponential;
            for (int d = 0; d < HEAD_SIZE; d++) {
                sums[d] += exponential * values[position][keyValue + d];
            }
        }
        for (int d = 0; d < HEAD_SIZE; d++) {
            sums[d] /= weights;
        }
        return sums;
    }

    private void fillPages(SplittableRandom random) {
        for (int page = 0; page < pages.length; page++) {
            pages[page] = arena.allocate(layout.pageBytes(), FloatMatrix.ALIGNMENT);
        }
        for (int position = 0; position < keys.length; position++) {
            FloatMatrix key = matrix(random, 1, layout.rowElements());
            FloatMatrix value = matrix(random, 1, layout.rowElements());
            keys[position] = key.row(0).toArray(ValueLayout.JAVA_FLOAT);
            values[position] = value.row(0).toArray(ValueLayout.JAVA_FLOAT);
            MemorySegment page = pages[position / KeyValueLayout.PAGE_POSITIONS];
            for (int head = 0; head < KEY_VALUE_HEADS; head++) {
                int slot = position % KeyValueLayout.PAGE_POSITIONS;
                KeyValueStore.store(layout, page, slot, head, key.data(), value.data());
            }
        }
    }

    private FloatMatrix matrix(SplittableRandom random, int rows, int columns) {
        FloatMatrix matrix = FloatMatrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, random.nextFloat() - 0.5f);
            }
        }
        return matrix;
    }
}
