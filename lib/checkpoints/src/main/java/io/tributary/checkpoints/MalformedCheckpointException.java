package io.tributary.checkpoints;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file breaks the rules of its format, or its configuration lacks a key that was asked for. */
public final class MalformedCheckpointException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    /** @param path the file at fault, which begins the message */
    public MalformedCheckpointException(Path path, String fault, @Nullable Throwable cause) {
        super(path + ": " + fault, cause);
    }

    /** @param path the file at fault, which begins the message */
    public MalformedCheckpointException(Path path, String fault) {
        this(path, fault, null);
    }
}
