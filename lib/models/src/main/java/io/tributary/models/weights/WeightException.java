package io.tributary.models.weights;

import org.jspecify.annotations.Nullable;

/** A tensor that a model needs is there but can't be used; the message names it and says what would be right. */
public abstract sealed class WeightException extends RuntimeException
        permits TensorShapeException, UnsupportedWeightTypeException, NonFiniteWeightException {
    private static final long serialVersionUID = 1L;

    WeightException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
