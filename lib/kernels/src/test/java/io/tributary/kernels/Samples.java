package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Seeded numbers and their way in and out of native memory. */
final class Samples {
    private Samples() {}

    static float[] normal(SplittableRandom random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    static float[][] normalRows(SplittableRandom random, int rows, int columns, double deviation) {
        float[][] values = new float[rows][];
        for (int row = 0; row < rows; row++) {
            values[row] = normal(random, columns, deviation);
        }
        return values;
    }

    static MemorySegment segment(Arena arena, float[] values) {
        MemorySegment segment = arena.allocate(Math.max(1, values.length) * (long) Float.BYTES, 64);
        for (int i = 0; i < values.length; i++) {
            segment.set(FloatMatrix.FLOAT, (long) i * Float.BYTES, values[i]);
        }
        return segment;
    }

    static FloatMatrix matrix(Arena arena, float[][] rows) {
        FloatMatrix matrix = FloatMatrix.allocate(arena, rows.length, rows[0].length);
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                matrix.set(row, column, rows[row][column]);
            }
        }
        return matrix;
    }

    static float[] values(MemorySegment segment, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = segment.get(FloatMatrix.FLOAT, (long) i * Float.BYTES);
        }
        return values;
    }

    /** The elements of a matrix, row after row. */
    static float[] values(FloatMatrix matrix) {
        return values(matrix.data(), matrix.rows() * matrix.columns());
    }

    static float[] flat(float[][] rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, row * rows[0].length, rows[0].length);
        }
        return values;
    }
}
