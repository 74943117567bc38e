package io.tributary.models.weights;

import io.tributary.kernels.WeightRows;
import io.tributary.kernels.WeightType;
import java.lang.foreign.MemorySegment;

/**
 * The token embedding as it lies in the mapped file; rows are converted when they are looked up.
 *
 * @param type how the weights are stored
 * @param rowMajor [vocabulary, width]
 * @param width elements of a row
 */
public record EmbeddingTable(WeightType type, MemorySegment rowMajor, int width) {

    /** Writes the embedding of a token, float32 [width], to the target. */
    public void lookUp(int token, MemorySegment target) {
        WeightRows.dequantize(type, rowMajor, token, width, target);
    }
}
