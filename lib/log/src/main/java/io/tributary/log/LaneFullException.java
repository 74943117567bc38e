package io.tributary.log;

/** A lane of the in-process log holds as much as it may: its readers are slower than its writers. */
public final class LaneFullException extends LogException {
    private static final long serialVersionUID = 1L;

    LaneFullException(String message) {
        super(message, null);
    }
}
