package io.tributary.bench;

/** An argument has a value that cannot be used; the message is for the person at the terminal. */
public final class WrongUsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * An argument that was refused.
     *
     * @param option as it is written, like {@code --prompt}
     * @param value what it was
     * @param allowed what would be right
     */
    public WrongUsageException(String option, Object value, String allowed) {
        super(option + " " + value + " is not possible; " + allowed);
    }
}
