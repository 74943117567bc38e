package io.tributary.models.weights;

import io.tributary.checkpoints.StoredTensor;
import java.util.List;

/** A tensor's shape contradicts the architecture. */
public final class TensorShapeException extends WeightException {
    private static final long serialVersionUID = 1L;

    TensorShapeException(StoredTensor tensor, List<Long> expected) {
        super(
                "the tensor " + tensor.name() + " has the shape " + tensor.shape() + " but the architecture needs "
                        + expected + ": weights and configuration are not of the same model",
                null);
    }
}
