package io.tributary.log;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The log in a Kafka cluster, through Kafka's plain clients. */
public final class KafkaLog implements ActivationLog {
    private final KafkaLogConfiguration configuration;
    private final Producer<byte[], byte[]> producer;
    private final KafkaTopics admin;
    private final Set<KafkaLogReader<?>> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Opens the log; the brokers need not be up yet.
     *
     * @throws LogUnavailableException when no bootstrap server's name can be resolved or a client setting is wrong
     */
    public KafkaLog(KafkaLogConfiguration configuration) {
        this.configuration = configuration;
        this.producer = KafkaFailures.translated(
                configuration, "open a producer", () -> new KafkaProducer<>(KafkaSettings.producer(configuration)));
        this.admin =
                KafkaFailures.translated(configuration, "open an admin client", () -> new KafkaTopics(configuration));
    }

    @Override
    public int lanes() {
        return configuration.lanes();
    }

    @Override
    public void createTopics(Collection<? extends Topic<?>> topics) {
        requireOpen();
        admin.create(topics.stream().map(Topic::name).toList());
    }

    @Override
    public <T extends Message> LogWriter<T> writer(Topic<T> topic) {
        requireTopic(topic);
        // So that the first append finds the lanes known and need not wait for the brokers.
        KafkaFailures.translated(
                configuration,
                "ask for the lanes of topic " + topic.name(),
                () -> producer.partitionsFor(topic.name()));
        return new KafkaLogWriter<>(configuration, topic, producer);
    }

    @Override
    public <T extends Message> LogReader<T> followFromEnd(Topic<T> topic) {
        return followRecent(topic, 0);
    }

    @Override
    public <T extends Message> LogReader<T> followRecent(Topic<T> topic, int records) {
        requireTopic(topic);
        return opened(topic, KafkaSettings.follower(configuration), consumer -> {
            List<TopicPartition> partitions = IntStream.range(0, lanes())
                    .mapToObj(lane -> new TopicPartition(topic.name(), lane))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> oldest = consumer.beginningOffsets(partitions);
            consumer.endOffsets(partitions)
                    .forEach(
                            (lane, end) -> consumer.seek(lane, Math.max(oldest.getOrDefault(lane, 0L), end - records)));
            return null;
        });
    }

    @Override
    public <T extends Message> LogReader<T> followLane(Topic<T> topic, int lane, long offset) {
        if (lane < 0 || lane >= lanes() || offset < 0) {
            throw new IllegalArgumentException("offset %d of lane %d; lanes 0 to %d exist, offsets are at least 0"
                    .formatted(offset, lane, lanes() - 1));
        }
        requireTopic(topic);
        return opened(topic, KafkaSettings.follower(configuration), consumer -> {
            TopicPartition partition = new TopicPartition(topic.name(), lane);
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            return null;
        });
    }

    @Override
    public void deleteBelow(Topic<?> topic, Map<Integer, Long> offsets) {
        requireOpen();
        admin.deleteBelow(topic.name(), offsets);
    }

    @Override
    public Map<Integer, Long> sizes(Topic<?> topic) {
        requireOpen();
        return admin.sizes(topic.name());
    }

    @Override
    public <T extends Message> LogReader<T> joinGroup(Topic<T> topic, String group, LaneOwnership listener) {
        requireTopic(topic);
        return opened(topic, KafkaSettings.member(configuration, group), consumer -> {
            KafkaGroup membership = new KafkaGroup(configuration, topic, consumer, listener);
            consumer.subscribe(List.of(topic.name()), membership);
            return membership;
        });
    }

    @Override
    public void close() {
        closed = true;
        readers.forEach(KafkaLogReader::logClosed);
        producer.close(configuration.deadline());
        admin.close();
    }

    /** Makes a fresh consumer read, and says which group it reads for, if any. */
    @FunctionalInterface
    private interface Start {
        @Nullable
        KafkaGroup reading(Consumer<byte[], byte[]> consumer);
    }

    private <T extends Message> LogReader<T> opened(Topic<T> topic, Map<String, Object> settings, Start start) {
        return KafkaFailures.translated(configuration, "read topic " + topic.name(), () -> {
            Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings);
            try {
                return registered(
                        new KafkaLogReader<>(configuration, topic, consumer, start.reading(consumer), readers::remove));
            } catch (RuntimeException failure) {
                consumer.close(CloseOptions.timeout(configuration.deadline()));
                throw failure;
            }
        });
    }

    private <T extends Message> LogReader<T> registered(KafkaLogReader<T> reader) {
        readers.add(reader);
        // The log may have been closed meanwhile, without knowing of this reader.
        if (closed) {
            reader.logClosed();
        }
        return reader;
    }

    private void requireTopic(Topic<?> topic) {
        requireOpen();
        admin.require(topic.name());
    }

    private void requireOpen() {
        if (closed) {
            throw new LogClosedException(
                    "the log at %s is closed; open a new one".formatted(configuration.bootstrapServers()));
        }
    }
}
