package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** A seeded norm of channels over time, computed by the kernels or by the canonical reference. */
record ChannelNormCase(int channels, int rows, long seed) {
    private static final float EPSILON = 1e-5f;
    private static final int CHAIN = 128;

    float[] found(boolean kernel) {
        return kernel ? kernel(1) : reference();
    }

    float[] kernel(int threads) {
        try (WorkPool pool = new WorkPool(threads);
                Arena arena = Arena.ofShared()) {
            FloatMatrix x = Samples.matrix(arena, input());
            ChannelNorm.apply(
                    x, Samples.segment(arena, vector(1)), Samples.segment(arena, vector(2)), EPSILON, x, pool);
            return Samples.values(x);
        }
    }

    float[] reference() {
        float[][] x = input();
        float[] weight = vector(1);
        float[] bias = vector(2);
        for (int channel = 0; channel < channels; channel++) {
            float mean = (float) (sum(x, channel, 0f, false) / rows);
            float scale = (float) (1 / Math.sqrt(sum(x, channel, mean, true) / rows + EPSILON));
            for (float[] row : x) {
                row[channel] = Math.fma((row[channel] - mean) * scale, weight[channel], bias[channel]);
            }
        }
        return Samples.flat(x);
    }

    private static double sum(float[][] x, int channel, float mean, boolean squares) {
        double total = 0;
        for (int first = 0; first < x.length; first += CHAIN) {
            float chain = 0;
            for (int row = first; row < Math.min(x.length, first + CHAIN); row++) {
                float difference = x[row][channel] - mean;
                chain = squares ? Math.fma(difference, difference, chain) : chain + x[row][channel];
            }
            total += chain;
        }
        return total;
    }

    private float[][] input() {
        return Samples.normalRows(new SplittableRandom(seed), rows, channels, 2);
    }

    private float[] vector(int stream) {
        return Samples.normal(new SplittableRandom(seed + stream), channels, 1);
    }
}
