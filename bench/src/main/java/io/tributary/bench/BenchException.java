package io.tributary.bench;

import org.jspecify.annotations.Nullable;

/** A benchmark cannot be run; the message is for the person at the terminal. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was wrong and what would be right */
    public BenchException(String message) {
        this(message, null);
    }

    /**
     * A failure behind which there is another one.
     *
     * @param message what was wrong and what would be right
     */
    public BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
