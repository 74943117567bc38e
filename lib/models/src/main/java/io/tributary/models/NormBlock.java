package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.LayerNorm;
import io.tributary.kernels.RmsNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.LayerNormalization;
import io.tributary.models.architecture.Normalization;
import io.tributary.models.architecture.RmsNormalization;
import io.tributary.models.weights.NormWeights;

/** A norm with its weights. */
record NormBlock(Normalization specification, NormWeights weights) {

    /** Writes the normalised rows of x [rows, width] to y, which may be x. */
    void apply(FloatMatrix x, FloatMatrix y, WorkPool pool) {
        switch (specification) {
            case RmsNormalization norm -> RmsNorm.apply(x, weights.weight(), norm.epsilon(), y, pool);
            case LayerNormalization norm ->
                LayerNorm.apply(x, weights.weight(), weights.requireBias(), norm.epsilon(), y, pool);
        }
    }
}
