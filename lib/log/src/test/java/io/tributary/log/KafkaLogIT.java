package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.broker.DevBroker;
import io.tributary.broker.DevBrokerConfiguration;
import io.tributary.proto.log.v1.LaneRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaLogIT extends GroupContract {
    private static final byte @Nullable [] NO_VALUE = null;

    @TempDir
    private static Path directory;

    private static DevBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = DevBroker.start(DevBrokerConfiguration.onFreePorts(directory.resolve("shared")));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Override
    ActivationLog openLog() {
        return new KafkaLog(KafkaLogConfiguration.of(broker.bootstrapServers(), LANES, 1));
    }

    @Test
    void recordsThatCannotBeParsedAreSkippedAndCounted() throws Exception {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(1, 0, 1);
            appendRaw(1, new byte[] {(byte) 0xff, (byte) 0xff, 3});
            appendRaw(1, NO_VALUE);
            // The end of a group that never began: not caught before the parser is asked how it ended.
            appendRaw(1, new byte[] {0x0c});
            append(1, 1, 2);
            assertThat(numbers(Readers.read(reader, 2))).containsExactly(0, 1);
            assertThat(reader.unreadableRecords()).isEqualTo(3);
        }
    }

    @Test
    void aTopicWithOtherLanesIsRefusedWithBothNumbers() {
        try (ActivationLog other = new KafkaLog(KafkaLogConfiguration.of(broker.bootstrapServers(), 7, 1))) {
            assertThatThrownBy(() -> other.createTopics(List.of(topic)))
                    .isInstanceOf(TopicMismatchException.class)
                    .hasMessageContaining(topic.name())
                    .hasMessageContaining("5 lanes, not 7");
            assertThatThrownBy(() -> other.writer(topic)).isInstanceOf(TopicMismatchException.class);
        }
    }

    @Test
    void moreReplicasThanBrokersAreRefused() {
        try (ActivationLog other = new KafkaLog(KafkaLogConfiguration.of(broker.bootstrapServers(), LANES, 3))) {
            assertThatThrownBy(() -> other.createTopics(List.of(Topics.stage("too-many-replicas", 0))))
                    .isInstanceOf(LogUnavailableException.class)
                    .hasMessageContaining("make topic tributary.too-many-replicas.stage-0.v1");
        }
    }

    @Test
    void topicsKeepLargeRecordsForTheConfiguredTime() throws Exception {
        try (Admin admin = admin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            Config config = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .values()
                    .iterator()
                    .next();
            assertThat(config.get("retention.ms").value()).isEqualTo("86400000");
            assertThat(Integer.parseInt(config.get("max.message.bytes").value()))
                    .isGreaterThan(LogWriter.MAXIMAL_RECORD_BYTES);
        }
    }

    @Test
    void aPositionThatAnOperatorSetHasLowWaterMarkZero() throws Exception {
        append(2, 0, 9);
        try (Admin admin = admin()) {
            admin.alterConsumerGroupOffsets(
                            "reset", Map.of(new TopicPartition(topic.name(), 2), new OffsetAndMetadata(7)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, "reset", new RecordingOwnership())) {
            assertThat(numbers(Readers.read(reader, 2))).containsExactly(7, 8);
            assertThat(reader.committed(Set.of(2))).isEqualTo(Map.of(2, new LanePosition(7, 0, 0, 0)));
        }
    }

    @Test
    void anAppendToAStoppedBrokerFailsWithinItsDeadlineAndSaysWhere() {
        DevBroker mortal = DevBroker.start(DevBrokerConfiguration.onFreePorts(directory.resolve("mortal")));
        try (ActivationLog mourning = new KafkaLog(shortTempered(mortal.bootstrapServers()))) {
            mourning.createTopics(List.of(topic));
            LogWriter<LaneRecord> writer = mourning.writer(topic);
            assertThat(append(writer, 0, numbered(0))).succeedsWithin(20, TimeUnit.SECONDS);
            mortal.close();
            assertThat(append(writer, 0, numbered(1)))
                    .failsWithin(6, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(LogUnavailableException.class)
                    .withMessageContaining("lane 0 of topic " + topic.name())
                    .withMessageContaining(mortal.bootstrapServers());
        } finally {
            mortal.close();
        }
    }

    @Test
    void aBrokerThatIsNotThereIsNamedWithinTheDeadline() {
        String nowhere = "127.0.0.1:"
                + DevBrokerConfiguration.onFreePorts(directory.resolve("never")).port();
        try (ActivationLog lonely = new KafkaLog(shortTempered(nowhere))) {
            assertThat(Readers.millisecondsOf(() -> assertThatThrownBy(() -> lonely.createTopics(List.of(topic)))
                            .isInstanceOf(LogUnavailableException.class)
                            .hasMessageContaining(nowhere)))
                    .isLessThan(8_000);
        }
        assertThatThrownBy(() -> new KafkaLog(KafkaLogConfiguration.of("no-port", LANES, 1)))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessageContaining("no-port");
    }

    private static KafkaLogConfiguration shortTempered(String bootstrapServers) {
        return new KafkaLogConfiguration(
                bootstrapServers,
                LANES,
                1,
                Duration.ofMinutes(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Map.of());
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private void appendRaw(int lane, byte @Nullable [] value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            var _ = producer.send(new ProducerRecord<>(topic.name(), lane, null, value))
                    .get(20, TimeUnit.SECONDS);
        }
    }
}
