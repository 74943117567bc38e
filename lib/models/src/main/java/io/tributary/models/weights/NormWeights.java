package io.tributary.models.weights;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a norm multiplies with, and what it adds.
 *
 * @param weight float32 [width]
 * @param bias float32 [width]; null for norms without
 */
public record NormWeights(MemorySegment weight, @Nullable MemorySegment bias) {

    /** The bias of a norm that has one. */
    public MemorySegment requireBias() {
        if (bias == null) {
            throw new IllegalStateException("the norm was loaded without a bias");
        }
        return bias;
    }
}
