package io.tributary.log;

/** The log, or the reader, has been closed. */
public final class LogClosedException extends LogException {
    private static final long serialVersionUID = 1L;

    LogClosedException(String message) {
        super(message, null);
    }
}
