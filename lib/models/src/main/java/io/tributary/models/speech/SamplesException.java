package io.tributary.models.speech;

/** Samples cannot be encoded; the message says why. */
public final class SamplesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SamplesException(String message) {
        super(message);
    }
}
