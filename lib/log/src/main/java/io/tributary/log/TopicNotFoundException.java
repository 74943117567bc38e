package io.tributary.log;

/** A topic does not exist. */
public final class TopicNotFoundException extends LogException {
    private static final long serialVersionUID = 1L;

    TopicNotFoundException(String message) {
        super(message, null);
    }
}
