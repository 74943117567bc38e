package io.tributary.models.weights;

import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.MatMul;
import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WorkPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A linear map, {@code y = x · Wᵀ + b}.
 *
 * @param weights W [outputs, inputs]
 * @param bias b, float32 [outputs]; null without
 */
public record Projection(PackedWeights weights, @Nullable MemorySegment bias) {

    /** Writes the images of the rows of x [rows, inputs] to y [rows, outputs]. */
    public void apply(FloatMatrix x, FloatMatrix y, WorkPool pool) {
        MatMul.multiply(x, weights, y, pool);
        if (bias != null) {
            Elementwise.addRow(y, bias, pool);
        }
    }
}
