package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** A seeded convolution over time, computed by the kernels or by the canonical reference. */
record ConvolutionCase(Conv1dShape shape, int rows, long seed) {
    float[] found(boolean kernel) {
        if (!kernel) {
            return reference();
        }
        try (WorkPool pool = new WorkPool(1)) {
            return kernel(pool, shape.length(rows));
        }
    }

    /** The outputs, computed so many at a time from the rows that they need alone. */
    float[] kernel(WorkPool pool, int step) {
        try (Arena arena = Arena.ofShared()) {
            FloatMatrix x = Samples.matrix(arena, input());
            Conv1d convolution = Conv1d.pack(shape, Samples.segment(arena, weights()), arena, pool);
            FloatMatrix y = FloatMatrix.allocate(arena, shape.length(rows), shape.outputs());
            for (int from = 0; from < y.rows(); from += step) {
                convolution.apply(x, from, y.rows(from, Math.min(step, y.rows() - from)), pool);
            }
            return Samples.values(y);
        }
    }

    float[] reference() {
        float[][] x = input();
        float[] weights = weights();
        float[] y = new float[shape.length(rows) * shape.outputs()];
        int inputs = shape.inputs() / shape.groups();
        for (int i = 0; i < y.length; i++) {
            int output = i % shape.outputs();
            float[] window = window(x, i / shape.outputs(), output / (shape.outputs() / shape.groups()));
            float[] row = new float[window.length];
            for (int k = 0; k < row.length; k++) {
                row[k] = weights[(output * inputs + k % inputs) * shape.kernel() + k / inputs];
            }
            y[i] = CanonicalReference.dot(row, window);
        }
        return y;
    }

    /** The same in float64 by the definition. */
    double[] exact() {
        float[][] x = input();
        float[] weights = weights();
        double[] y = new double[shape.length(rows) * shape.outputs()];
        int inputs = shape.inputs() / shape.groups();
        for (int i = 0; i < y.length; i++) {
            int output = i % shape.outputs();
            int group = output / (shape.outputs() / shape.groups());
            for (int tap = 0; tap < shape.kernel(); tap++) {
                int time = i / shape.outputs() * shape.stride() + tap - shape.padding();
                for (int input = 0; input < inputs && time >= 0 && time < rows; input++) {
                    y[i] += (double) weights[(output * inputs + input) * shape.kernel() + tap]
                            * x[time][group * inputs + input];
                }
            }
        }
        return y;
    }

    private float[] window(float[][] x, int output, int group) {
        int inputs = shape.inputs() / shape.groups();
        float[] window = new float[inputs * shape.kernel()];
        for (int k = 0; k < window.length; k++) {
            int time = output * shape.stride() + k / inputs - shape.padding();
            window[k] = time < 0 || time >= rows ? 0f : x[time][group * inputs + k % inputs];
        }
        return window;
    }

    private float[][] input() {
        return Samples.normalRows(new SplittableRandom(seed), rows, shape.inputs(), 1);
    }

    private float[] weights() {
        int count = shape.outputs() * shape.inputs() / shape.groups() * shape.kernel();
        return Samples.normal(new SplittableRandom(seed + 1), count, 0.3);
    }
}
