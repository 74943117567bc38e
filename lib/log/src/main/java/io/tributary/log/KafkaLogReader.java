package io.tributary.log;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Reads a Kafka topic, with or without a group. */
final class KafkaLogReader<T extends Message> implements LogReader<T> {
    private static final System.Logger LOGGER = System.getLogger(KafkaLogReader.class.getName());

    private final KafkaLogConfiguration configuration;
    private final Topic<T> topic;
    private final Consumer<byte[], byte[]> consumer;
    private final @Nullable KafkaGroup group;
    private final RecordParsing<T> parsing;
    private final java.util.function.Consumer<KafkaLogReader<T>> afterClosing;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean logClosed;

    /**
     * @param consumer subscribed or assigned already; closed with the reader
     * @param group the group's commits, or null for a reader without a group
     * @param afterClosing told once the reader is closed
     */
    KafkaLogReader(
            KafkaLogConfiguration configuration,
            Topic<T> topic,
            Consumer<byte[], byte[]> consumer,
            @Nullable KafkaGroup group,
            java.util.function.Consumer<KafkaLogReader<T>> afterClosing) {
        this.configuration = configuration;
        this.topic = topic;
        this.consumer = consumer;
        this.group = group;
        this.parsing = new RecordParsing<>(topic);
        this.afterClosing = afterClosing;
    }

    @Override
    public List<LogRecord<T>> poll(Duration timeout) {
        requireOpen();
        List<LogRecord<T>> records =
                KafkaFailures.translated(configuration, "read topic " + topic.name(), () -> polled(timeout));
        requireOpen();
        return records;
    }

    private List<LogRecord<T>> polled(Duration timeout) {
        try {
            List<LogRecord<T>> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
                parsing.parsed(record).ifPresent(records::add);
            }
            return records;
        } catch (WakeupException asked) {
            return List.of();
        } catch (KafkaException failure) {
            if (group != null) {
                group.rethrowListenerFailure();
            }
            throw failure;
        }
    }

    @Override
    public void commit(Map<Integer, LanePosition> positions) {
        requireGroup().commit(positions);
    }

    @Override
    public Map<Integer, LanePosition> committed(Set<Integer> lanes) {
        return requireGroup().committed(lanes);
    }

    @Override
    public boolean claim(int lane, LanePosition position) {
        return requireGroup().claim(lane, position);
    }

    // An offset below the oldest record is out of range, and the consumer goes on at the oldest record by itself.
    @Override
    public void seek(int lane, long offset) {
        requireOpen();
        TopicPartition partition = new TopicPartition(topic.name(), lane);
        if (consumer.assignment().contains(partition)) {
            consumer.seek(partition, offset);
        }
    }

    @Override
    public List<UnreadableRecord> takeUnreadable() {
        return parsing.takeSkipped();
    }

    @Override
    public Set<Integer> lanes() {
        Set<Integer> lanes = new TreeSet<>();
        consumer.assignment().forEach(partition -> lanes.add(partition.partition()));
        return lanes;
    }

    @Override
    public long unreadableRecords() {
        return parsing.unreadable();
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    /** Ends a running poll and all later ones, because the log is closed. Callable from any thread. */
    void logClosed() {
        logClosed = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            consumer.close(CloseOptions.timeout(configuration.deadline()));
        } catch (KafkaException failure) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "a reader of topic %s closed with a failure; its group waits for its session to end"
                            .formatted(topic.name()),
                    failure);
        } finally {
            afterClosing.accept(this);
        }
    }

    private void requireOpen() {
        if (closed.get() || logClosed) {
            throw new LogClosedException("this reader of topic %s, or its log at %s, is closed"
                    .formatted(topic.name(), configuration.bootstrapServers()));
        }
    }

    private KafkaGroup requireGroup() {
        if (group == null) {
            throw new IllegalStateException(
                    "this reader of topic %s follows it without a group; only readers of a group commit"
                            .formatted(topic.name()));
        }
        return group;
    }
}
