package io.tributary.log;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of the Kafka clients and topics: short waits for latency, large records, bounds on all of it. */
final class KafkaSettings {
    /** A record's message, and room for its key, headers and frame. */
    private static final int RECORD_BYTES = LogWriter.MAXIMAL_RECORD_BYTES + (64 << 10);

    private static final int BATCH_BYTES = 64 << 10;
    private static final long BUFFER_BYTES = 64L << 20;
    private static final int FETCH_BYTES = 32 << 20;
    // A fetch that waits on empty lanes can hold back the lanes beside them, so the wait is short; but when it ends
    // empty
    // the consumer asks again only with the next poll, so it is longer than the pauses between the tokens of a session.
    private static final int FETCH_WAIT_MILLISECONDS = 200;
    // Deleted records free the disk a segment at a time.
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int FILE_DELETE_DELAY_MILLISECONDS = 1000;
    private static final int LONGEST_BLOCK_MILLISECONDS = 2000;

    private KafkaSettings() {}

    static Map<String, Object> admin(KafkaLogConfiguration configuration) {
        Map<String, Object> settings = common(configuration);
        // Otherwise the client looks for other brokers in a loop without a pause while none answers.
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        return settings;
    }

    static Map<String, Object> producer(KafkaLogConfiguration configuration) {
        int deadline = milliseconds(configuration);
        Map<String, Object> settings = common(configuration);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES);
        settings.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(configuration.deliveryTimeout().toMillis()));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(deadline, LONGEST_BLOCK_MILLISECONDS));
        // A topic that was silent for long must not make its next append wait for the brokers.
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.MAX_VALUE);
        // Beginning anew with the bootstrap servers, when no broker can be reached, would forget the topics'
        // lanes: appends would fail after the longest block instead of waiting for a broker to come back.
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        return settings;
    }

    /** A reader of all lanes, without a group. */
    static Map<String, Object> follower(KafkaLogConfiguration configuration) {
        return consumer(configuration);
    }

    static Map<String, Object> member(KafkaLogConfiguration configuration, String group) {
        Map<String, Object> settings = consumer(configuration);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        return settings;
    }

    static Map<String, String> topic(KafkaLogConfiguration configuration) {
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(configuration.retention().toMillis()),
                // What a live session needs must not go because others write much.
                TopicConfig.RETENTION_BYTES_CONFIG,
                "-1",
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(SEGMENT_BYTES),
                TopicConfig.FILE_DELETE_DELAY_MS_CONFIG,
                Integer.toString(FILE_DELETE_DELAY_MILLISECONDS),
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(RECORD_BYTES));
    }

    private static Map<String, Object> consumer(KafkaLogConfiguration configuration) {
        Map<String, Object> settings = common(configuration);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLISECONDS);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, RECORD_BYTES);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, LogReader.MAXIMAL_POLL_RECORDS);
        return settings;
    }

    private static Map<String, Object> common(KafkaLogConfiguration configuration) {
        int deadline = milliseconds(configuration);
        Map<String, Object> settings = new HashMap<>(configuration.clientSettings());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, configuration.bootstrapServers());
        // Half the deadline, so that a request lost with a dying broker is tried once more.
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, deadline / 2);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, deadline);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return settings;
    }

    private static int milliseconds(KafkaLogConfiguration configuration) {
        return Math.toIntExact(configuration.deadline().toMillis());
    }
}
