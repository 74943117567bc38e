package io.tributary.log;

/** The thread was interrupted while it waited for the log; it stays marked as interrupted. */
public final class LogInterruptedException extends LogException {
    private static final long serialVersionUID = 1L;

    LogInterruptedException(String message) {
        super(message, null);
    }
}
