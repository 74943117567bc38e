package io.tributary.cli;

/** A command was called in a way that cannot work; the message names the option and what would be right. */
public final class WrongUsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was wrong and what would be right */
    public WrongUsageException(String message) {
        super(message);
    }
}
