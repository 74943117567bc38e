package io.tributary.log;

import org.jspecify.annotations.Nullable;

/** The log could not be reached, did not answer in time, or refused. */
public final class LogUnavailableException extends LogException {
    private static final long serialVersionUID = 1L;

    LogUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
