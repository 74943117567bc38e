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
    private final Set<KafkaLogReader<?>> readers = ConcurrentHashMap.newKeySet();
    private final Object topicsLock = new Object();
    // Opened when first asked for, guarded by its lock.
    private @Nullable KafkaTopics topics;
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
    }

    @Override
    public int lanes() {
        return configuration.lanes();
    }

    @Override
    public void createTopics(Collection<? extends Topic<?>> topics) {
        requireOpen();
        topics().create(topics.stream().map(Topic::name).toList());
    }

    @Override
    public <T extends Message> LogWriter<T> writer(Topic<T> topic) {
        requireTopic(topic);
        topics().awaitLeaders(topic.name());
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
    public <T extends Message> LogReader<T> followFromEnd(Topic<T> topic, Set<Integer> lanes) {
        Lanes.requireSome(topic, lanes(), lanes);
        requireTopic(topic);
        return opened(topic, KafkaSettings.follower(configuration), consumer -> {
            List<TopicPartition> partitions = assigned(topic, lanes.stream().mapToInt(Integer::intValue), consumer);
            // A consumer that is told to seek to the end looks for it no sooner than at its first poll.
            consumer.endOffsets(partitions).forEach(consumer::seek);
            return null;
        });
    }

    @Override
    public <T extends Message> LogReader<T> followRecent(Topic<T> topic, int records) {
        Lanes.requireCount(topic, records);
        requireTopic(topic);
        return opened(topic, KafkaSettings.follower(configuration), consumer -> {
            List<TopicPartition> partitions = assigned(topic, IntStream.range(0, lanes()), consumer);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(end - records, beginnings.getOrDefault(partition, 0L))));
            return null;
        });
    }

    @Override
    public <T extends Message> LogReader<T> followLane(Topic<T> topic, int lane, long offset) {
        Lanes.requirePlace(topic, lanes(), lane, offset);
        requireTopic(topic);
        return opened(topic, KafkaSettings.follower(configuration), consumer -> {
            List<TopicPartition> partitions = assigned(topic, IntStream.of(lane), consumer);
            // Only an offset within the lane is taken at its word: beyond the end the consumer would begin anew.
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> consumer.seek(partition, Math.min(offset, end)));
            return null;
        });
    }

    private static List<TopicPartition> assigned(Topic<?> topic, IntStream lanes, Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions =
                lanes.mapToObj(lane -> new TopicPartition(topic.name(), lane)).toList();
        consumer.assign(partitions);
        return partitions;
    }

    @Override
    public void deleteBelow(Topic<?> topic, Map<Integer, Long> offsets) {
        requireOpen();
        topics().deleteBelow(topic.name(), offsets);
    }

    @Override
    public Map<Integer, Long> sizes(Topic<?> topic) {
        requireOpen();
        return topics().sizes(topic.name());
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
        closeTopics();
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
        topics().require(topic.name());
    }

    private KafkaTopics topics() {
        synchronized (topicsLock) {
            requireOpen();
            KafkaTopics opened = topics;
            if (opened == null) {
                opened = KafkaFailures.translated(
                        configuration, "open an admin client", () -> new KafkaTopics(configuration));
                topics = opened;
            }
            return opened;
        }
    }

    private void closeTopics() {
        synchronized (topicsLock) {
            if (topics != null) {
                topics.close();
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new LogClosedException(
                    "the log at %s is closed; open a new one".formatted(configuration.bootstrapServers()));
        }
    }
}
