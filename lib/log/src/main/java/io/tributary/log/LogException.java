package io.tributary.log;

import org.jspecify.annotations.Nullable;

/** What can go wrong with the log; the subclasses say what. */
public abstract sealed class LogException extends RuntimeException
        permits LaneFullException,
                LogClosedException,
                LogInterruptedException,
                LogUnavailableException,
                RecordTooLargeException,
                TopicMismatchException,
                TopicNotFoundException {
    private static final long serialVersionUID = 1L;

    LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
