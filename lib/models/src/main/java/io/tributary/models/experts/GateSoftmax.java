package io.tributary.models.experts;

import io.tributary.kernels.Exponential;
import io.tributary.kernels.FloatMatrix;

/** Numerators and denominator of the softmax over the gate logits of one row. */
final class GateSoftmax {
    private final float[] exponentials;
    private float sum;

    GateSoftmax(int experts) {
        exponentials = new float[experts];
    }

    /** Takes a row of logits [rows, experts]. */
    void take(FloatMatrix logits, int row) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int expert = 0; expert < exponentials.length; expert++) {
            maximum = Math.max(maximum, logits.get(row, expert));
        }
        sum = 0;
        for (int expert = 0; expert < exponentials.length; expert++) {
            exponentials[expert] = Exponential.exp(logits.get(row, expert) - maximum);
            sum += exponentials[expert];
        }
    }

    /** {@code exp(logit - largest logit)} of an expert. */
    float exponential(int expert) {
        return exponentials[expert];
    }

    /** The sum of the exponentials of all experts. */
    float sum() {
        return sum;
    }

    /** The probability of an expert. */
    float probability(int expert) {
        return exponentials[expert] / sum;
    }
}
