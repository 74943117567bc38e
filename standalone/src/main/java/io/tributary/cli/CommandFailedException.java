package io.tributary.cli;

/** A command could not do what it was asked; the message is for the person at the terminal. */
public class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was wrong and what would be right */
    public CommandFailedException(String message) {
        super(message);
    }
}
