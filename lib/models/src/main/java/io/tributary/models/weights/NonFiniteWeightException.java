package io.tributary.models.weights;

import org.jspecify.annotations.Nullable;

/** A tensor holds NaN or an infinity: the file is damaged or was written by a diverged training run. */
public final class NonFiniteWeightException extends WeightException {
    private static final long serialVersionUID = 1L;

    NonFiniteWeightException(String tensor, String what, @Nullable Throwable cause) {
        super("the tensor " + tensor + " can't be used: " + what, cause);
    }
}
