package io.tributary.models.architecture;

/** A checkpoint's configuration describes no model that can be served; the message says what would be right. */
public abstract sealed class ArchitectureException extends RuntimeException
        permits UnsupportedArchitectureException, InvalidArchitectureException {
    private static final long serialVersionUID = 1L;

    ArchitectureException(String message) {
        super(message);
    }
}
