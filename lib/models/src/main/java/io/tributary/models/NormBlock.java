package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.RmsNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Normalization;
import io.tributary.models.architecture.RmsNormalization;
import java.lang.foreign.MemorySegment;

/**
 * A norm with its weight.
 *
 * @param weight float32 [width]
 */
record NormBlock(Normalization specification, MemorySegment weight) {

    /** Writes the normalised rows of x [rows, width] to y, which may be x. */
    void apply(FloatMatrix x, FloatMatrix y, WorkPool pool) {
        switch (specification) {
            case RmsNormalization norm -> RmsNorm.apply(x, weight, norm.epsilon(), y, pool);
        }
    }
}
