package io.tributary.bench.synthetic;

import io.tributary.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Random weights of one storage format, made directly as its blocks. */
@FunctionalInterface
public interface RandomBlocks {
    /** Random weights of a type, as a GGUF file holds them. */
    static RandomBlocks of(WeightType type) {
        return WeightFormat.valueOf(type.name()).blocks();
    }

    /**
     * Fills whole blocks with finite weights of mean zero.
     *
     * @param target off the heap, a whole number of blocks
     * @param deviation the standard deviation of the weights
     */
    void fill(MemorySegment target, SplittableRandom random, double deviation);
}
