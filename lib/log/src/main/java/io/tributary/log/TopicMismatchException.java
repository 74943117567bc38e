package io.tributary.log;

/** A topic exists, but not with the lanes or the records that were asked for. */
public final class TopicMismatchException extends LogException {
    private static final long serialVersionUID = 1L;

    TopicMismatchException(String message) {
        super(message, null);
    }
}
