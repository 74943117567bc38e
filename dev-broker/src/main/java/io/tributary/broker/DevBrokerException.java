package io.tributary.broker;

import org.jspecify.annotations.Nullable;

/** The broker could not be started or stopped; the message says why and what to do. */
public final class DevBrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DevBrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
