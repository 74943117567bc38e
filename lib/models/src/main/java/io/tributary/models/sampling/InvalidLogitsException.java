package io.tributary.models.sampling;

/** Logits from which no token can be drawn: one is NaN or positive infinity, or none is above negative infinity. */
public final class InvalidLogitsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidLogitsException(String message) {
        super(message);
    }
}
