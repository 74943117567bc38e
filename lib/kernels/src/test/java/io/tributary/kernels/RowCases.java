package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Seeded row operations of one length; each returns what the kernel or the canonical reference computes. */
record RowCases(int columns, long seed) {
    private static final int ROWS = 3;
    private static final float EPSILON = 1e-5f;

    float[] rmsNorm(boolean kernel) {
        float[][] x = Samples.normalRows(random(0), ROWS, columns, 2);
        float[] weight = Samples.normal(random(1), columns, 1);
        if (kernel) {
            try (Arena arena = Arena.ofConfined();
                    WorkPool pool = new WorkPool(1)) {
                FloatMatrix matrix = Samples.matrix(arena, x);
                RmsNorm.apply(matrix, Samples.segment(arena, weight), EPSILON, matrix, pool);
                return Samples.values(matrix);
            }
        }
        for (int row = 0; row < ROWS; row++) {
            x[row] = CanonicalReference.rmsNorm(x[row], weight, EPSILON);
        }
        return Samples.flat(x);
    }

    float[] layerNorm(boolean kernel) {
        float[][] x = Samples.normalRows(random(11), ROWS, columns, 2);
        float[] weight = Samples.normal(random(12), columns, 1);
        float[] bias = Samples.normal(random(13), columns, 1);
        if (kernel) {
            try (Arena arena = Arena.ofConfined();
                    WorkPool pool = new WorkPool(1)) {
                FloatMatrix matrix = Samples.matrix(arena, x);
                MemorySegment weights = Samples.segment(arena, weight);
                LayerNorm.apply(matrix, weights, Samples.segment(arena, bias), EPSILON, matrix, pool);
                return Samples.values(matrix);
            }
        }
        for (int row = 0; row < ROWS; row++) {
            x[row] = CanonicalReference.layerNorm(x[row], weight, bias, EPSILON);
        }
        return Samples.flat(x);
    }

    float[] gelu(boolean kernel, Gelu form) {
        float[][] x = Samples.normalRows(random(14), ROWS, columns, 5);
        if (kernel) {
            try (Arena arena = Arena.ofConfined();
                    WorkPool pool = new WorkPool(1)) {
                FloatMatrix matrix = Samples.matrix(arena, x);
                form.apply(matrix, matrix, pool);
                return Samples.values(matrix);
            }
        }
        for (float[] row : x) {
            for (int i = 0; i < columns; i++) {
                row[i] = CanonicalReference.gelu(row[i], form);
            }
        }
        return Samples.flat(x);
    }

    float[] swiGlu(boolean kernel) {
        float[][] gate = Samples.normalRows(random(2), ROWS, columns, 20);
        float[][] up = Samples.normalRows(random(3), ROWS, columns, 1);
        if (kernel) {
            try (Arena arena = Arena.ofConfined();
                    WorkPool pool = new WorkPool(1)) {
                FloatMatrix target = Samples.matrix(arena, gate);
                Elementwise.swiGlu(target, Samples.matrix(arena, up), target, pool);
                return Samples.values(target);
            }
        }
        for (int row = 0; row < ROWS; row++) {
            gate[row] = CanonicalReference.swiGlu(gate[row], up[row]);
        }
        return Samples.flat(gate);
    }

    float[] add(boolean kernel) {
        float[][] x = Samples.normalRows(random(4), ROWS, columns, 1);
        float[][] y = Samples.normalRows(random(5), ROWS, columns, 1);
        float[] bias = Samples.normal(random(6), columns, 1);
        if (kernel) {
            try (Arena arena = Arena.ofConfined();
                    WorkPool pool = new WorkPool(1)) {
                FloatMatrix target = Samples.matrix(arena, x);
                Elementwise.add(target, Samples.matrix(arena, y), pool);
                Elementwise.addRow(target, Samples.segment(arena, bias), pool);
                return Samples.values(target);
            }
        }
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < columns; i++) {
                x[row][i] = x[row][i] + y[row][i] + bias[i];
            }
        }
        return Samples.flat(x);
    }

    float[] logSumExp(boolean kernel) {
        float[] logits = Samples.normal(random(7), columns, 8);
        if (kernel) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment segment = Samples.segment(arena, logits);
                return new float[] {Softmax.logSumExp(segment, columns)};
            }
        }
        return new float[] {CanonicalReference.logSumExp(logits)};
    }

    /** Two heads of {@code columns} elements, all but the last three (or one) rotated. */
    float[] rope(boolean kernel, RopePairing pairing) {
        int pairs = Math.max(1, (columns - 2) / 2);
        float[][] x = Samples.normalRows(random(8), ROWS, 2 * columns, 1);
        float[][] cosine = Samples.normalRows(random(9), ROWS, pairs, 1);
        float[][] sine = Samples.normalRows(random(10), ROWS, pairs, 1);
        if (kernel) {
            try (Arena arena = Arena.ofConfined();
                    WorkPool pool = new WorkPool(1)) {
                FloatMatrix target = Samples.matrix(arena, x);
                Rope.rotate(
                        target, 2, columns, Samples.matrix(arena, cosine), Samples.matrix(arena, sine), pairing, pool);
                return Samples.values(target);
            }
        }
        float[] result = new float[ROWS * 2 * columns];
        for (int head = 0; head < ROWS * 2; head++) {
            float[] part = new float[columns];
            System.arraycopy(x[head / 2], head % 2 * columns, part, 0, columns);
            CanonicalReference.rotate(part, cosine[head / 2], sine[head / 2], pairing);
            System.arraycopy(part, 0, result, head * columns, columns);
        }
        return result;
    }

    private SplittableRandom random(int stream) {
        return new SplittableRandom(seed * 31 + stream);
    }
}
