package io.tributary.models.weights;

import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.WeightType;
import java.util.Arrays;

/** A tensor is stored in a type that there is no kernel for. */
public final class UnsupportedWeightTypeException extends WeightException {
    private static final long serialVersionUID = 1L;

    UnsupportedWeightTypeException(StoredTensor tensor) {
        super(
                "the tensor " + tensor.name() + " is stored as " + tensor.type() + "; supported weight types: "
                        + Arrays.toString(WeightType.values()) + ". Convert the model to one of these",
                null);
    }
}
