package io.tributary.models;

import io.tributary.checkpoints.TensorType;
import java.lang.foreign.MemorySegment;

/** Makes GGUF blocks of floats for tests, and says what they stand for. */
sealed interface BlockQuantizer permits Quantizer, RandomQuants {
    static BlockQuantizer of(TensorType type) {
        return switch (type) {
            case Q8_0, Q4_0 -> Quantizer.valueOf(type.name());
            default -> new RandomQuants(type);
        };
    }

    /** The blocks of the values. */
    MemorySegment quantize(float[] values);

    /** What the blocks of the values stand for. */
    float[] restore(float[] values);
}
