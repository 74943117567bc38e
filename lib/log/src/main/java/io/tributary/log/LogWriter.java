package io.tributary.log;

import com.google.protobuf.Message;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Appends records to one topic. Safe for use by many threads; records of one thread keep their order on a lane. */
public interface LogWriter<T extends Message> {
    /** Largest record that every transport carries, in bytes of the serialised message. */
    int MAXIMAL_RECORD_BYTES = 8 << 20;

    /**
     * Appends a record.
     *
     * @param lane where to, 0 to lanes - 1
     * @param record the message, kept by reference: immutable as all messages
     * @param key the session's id
     * @param headers what travels beside the record; a header longer than 1,024 bytes and any beyond the sixteenth is
     *     left out
     * @return the record's offset once the log holds it. Fails with a {@link LogException}: {@link LaneFullException},
     *     {@link LogUnavailableException} when the deadline for delivery passes, {@link RecordTooLargeException} or
     *     {@link LogClosedException}. Completed on the log's own thread, which must not be blocked
     * @throws IllegalArgumentException for a lane that does not exist
     */
    CompletionStage<Long> append(int lane, T record, String key, Map<String, String> headers);
}
