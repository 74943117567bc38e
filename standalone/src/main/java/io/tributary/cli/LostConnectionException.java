package io.tributary.cli;

/** A gateway cannot be reached, or no longer. */
final class LostConnectionException extends CommandFailedException {
    private static final long serialVersionUID = 1L;

    LostConnectionException(String message) {
        super(message);
    }
}
