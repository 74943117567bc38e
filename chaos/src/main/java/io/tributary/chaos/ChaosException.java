package io.tributary.chaos;

/** A run could not be made; the message is for the person at the terminal. */
public final class ChaosException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was wrong, and where possible what to do */
    public ChaosException(String message) {
        super(message);
    }
}
