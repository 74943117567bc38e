package io.tributary.checkpoints;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of the checkpoint is not there or cannot be read. */
public final class CheckpointNotFoundException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    public CheckpointNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public CheckpointNotFoundException(String message) {
        this(message, null);
    }

    static CheckpointNotFoundException unreadable(Path path, IOException cause) {
        String reason = cause instanceof AccessDeniedException
                ? "access denied to the user " + System.getProperty("user.name")
                : cause.toString();
        return new CheckpointNotFoundException(path + " cannot be read: " + reason, cause);
    }
}
