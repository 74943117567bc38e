package io.tributary.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes messages of the bytes that come from Kafka, and skips those of which none can be made. */
final class RecordParsing<T extends Message> {
    private static final System.Logger LOGGER = System.getLogger(RecordParsing.class.getName());
    private static final int LONGEST_KEY = 64;
    // A character takes at most three bytes of UTF-8 in this form: more bytes cannot change the first 64.
    private static final int LONGEST_KEY_BYTES = 3 * LONGEST_KEY;

    private final Topic<T> topic;
    private final BitSet reportedLanes = new BitSet();
    private List<UnreadableRecord> skipped = new ArrayList<>();
    private volatile long unreadable;

    RecordParsing(Topic<T> topic) {
        this.topic = topic;
    }

    /** Number of records skipped so far. */
    long unreadable() {
        return unreadable;
    }

    /** The records skipped since the last call; of more than {@link LogReader#MAXIMAL_POLL_RECORDS} the oldest. */
    List<UnreadableRecord> takeSkipped() {
        List<UnreadableRecord> taken = skipped;
        skipped = new ArrayList<>();
        return taken;
    }

    /** The record, or nothing when its bytes are no message of the topic's type. */
    Optional<LogRecord<T>> parsed(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(new LogRecord<>(
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    message(record.value()),
                    RecordHeaders.read(record.headers())));
        } catch (InvalidProtocolBufferException failure) {
            skip(record, failure);
            return Optional.empty();
        }
    }

    private T message(byte @Nullable [] bytes) throws InvalidProtocolBufferException {
        if (bytes == null) {
            throw new InvalidProtocolBufferException("the record has no value");
        }
        // The array is ours alone: the message may refer to it instead of copying its hidden states.
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        input.enableAliasing(true);
        T message = topic.parser().parseFrom(input);
        input.checkLastTagWas(0);
        return message;
    }

    // One thread polls, so nothing is lost between reading the counter and writing it.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void skip(ConsumerRecord<byte[], byte[]> record, InvalidProtocolBufferException failure) {
        unreadable++;
        if (skipped.size() < LogReader.MAXIMAL_POLL_RECORDS) {
            skipped.add(new UnreadableRecord(record.partition(), record.offset(), key(record.key())));
        }
        if (!reportedLanes.get(record.partition())) {
            reportedLanes.set(record.partition());
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    ("skipped the record at offset %d of lane %d of topic %s (%s): something else writes to this topic;"
                                    + " more such records on this lane are counted only")
                            .formatted(record.offset(), record.partition(), topic.name(), failure.getMessage()));
        }
    }

    private static String key(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "";
        }
        String key = new String(bytes, 0, Math.min(bytes.length, LONGEST_KEY_BYTES), StandardCharsets.UTF_8);
        return key.substring(0, Math.min(key.length(), LONGEST_KEY));
    }
}
