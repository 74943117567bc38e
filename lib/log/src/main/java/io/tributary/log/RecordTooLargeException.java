package io.tributary.log;

/** A record is larger than {@link LogWriter#MAXIMAL_RECORD_BYTES}. */
public final class RecordTooLargeException extends LogException {
    private static final long serialVersionUID = 1L;

    RecordTooLargeException(String message) {
        super(message, null);
    }

    static RecordTooLargeException of(Topic<?> topic, int lane, String key, int bytes) {
        return new RecordTooLargeException(
                "a record of session %s for lane %d of topic %s has %d bytes; %d are allowed: split it"
                        .formatted(key, lane, topic.name(), bytes, LogWriter.MAXIMAL_RECORD_BYTES));
    }
}
