package io.tributary.checkpoints;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a model file; the message names the file, what was found and what would be right. */
public abstract sealed class CheckpointException extends RuntimeException
        permits CheckpointNotFoundException,
                MalformedCheckpointException,
                MissingTensorException,
                UnsupportedTensorTypeException {
    private static final long serialVersionUID = 1L;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int MAXIMAL_MESSAGE = 4000;

    CheckpointException(String message, @Nullable Throwable cause) {
        super(printable(message), cause);
    }

    /** Names from hostile files must neither flood a log nor start new lines in it. */
    private static String printable(String message) {
        String line = CONTROL.matcher(message).replaceAll("?");
        return line.length() <= MAXIMAL_MESSAGE ? line : line.substring(0, MAXIMAL_MESSAGE) + "…";
    }
}
