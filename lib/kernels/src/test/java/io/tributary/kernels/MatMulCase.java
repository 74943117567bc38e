package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** One seeded matrix product, by the kernels, by the canonical reference and in double precision. */
record MatMulCase(WeightType type, int outputs, int inputs, int tokens, long seed) {
    float[] kernel(WorkPool pool) {
        try (Arena arena = Arena.ofShared()) {
            PackedWeights weights = stored(arena).pack(arena, pool);
            FloatMatrix y = FloatMatrix.allocate(arena, tokens, outputs);
            MatMul.multiply(Samples.matrix(arena, activations()), weights, y, pool);
            return Samples.values(y);
        }
    }

    float[] reference() {
        try (Arena arena = Arena.ofConfined()) {
            float[][] weights = stored(arena).weights();
            float[][] x = activations();
            float[] y = new float[tokens * outputs];
            for (int i = 0; i < y.length; i++) {
                y[i] = CanonicalReference.dot(weights[i % outputs], x[i / outputs]);
            }
            return y;
        }
    }

    /** The largest error of a result, relative to the sum of the magnitudes that it adds up. */
    double worstError(float[] y) {
        try (Arena arena = Arena.ofConfined()) {
            float[][] weights = stored(arena).weights();
            float[][] x = activations();
            double worst = 0;
            for (int i = 0; i < y.length; i++) {
                double sum = 0;
                double magnitude = 1e-30;
                for (int k = 0; k < inputs; k++) {
                    double product = (double) weights[i % outputs][k] * x[i / outputs][k];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                worst = Math.max(worst, Math.abs(sum - y[i]) / magnitude);
            }
            return worst;
        }
    }

    private StoredWeights stored(Arena arena) {
        return StoredWeights.random(type, outputs, inputs, seed, arena);
    }

    private float[][] activations() {
        return Samples.normalRows(new SplittableRandom(~seed), tokens, inputs, 1);
    }
}
