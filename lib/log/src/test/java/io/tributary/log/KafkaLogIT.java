package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.broker.DevBroker;
import io.tributary.broker.DevBrokerConfiguration;
import io.tributary.proto.log.v1.LaneRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
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
    void recordsThatCannotBeParsedAreSkippedCountedAndNamed() throws Exception {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(1, 0, 1);
            appendRaw(1, "session-7", new byte[] {(byte) 0xff, (byte) 0xff, 3});
            appendRaw(1, null, NO_VALUE);
            // The end of a group that never began: not caught before the parser is asked how it ended.
            appendRaw(1, "\u2713".repeat(100), new byte[] {0x0c});
            append(1, 1, 2);
            assertThat(numbers(Readers.read(reader, 2))).containsExactly(0, 1);
            assertThat(reader.unreadableRecords()).isEqualTo(3);
            assertThat(reader.takeUnreadable())
                    .containsExactly(
                            new UnreadableRecord(1, 1, "session-7"),
                            new UnreadableRecord(1, 2, ""),
                            new UnreadableRecord(1, 3, "\u2713".repeat(64)));
            assertThat(reader.takeUnreadable()).isEmpty();
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
    void topicsKeepLargeRecordsForTheConfiguredTimeHoweverManyTheyAre() throws Exception {
        try (Admin admin = admin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            Config config = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .values()
                    .iterator()
                    .next();
            assertThat(config.get("retention.ms").value()).isEqualTo("86400000");
            assertThat(config.get("retention.bytes").value()).isEqualTo("-1");
            assertThat(config.get("segment.bytes").value()).isEqualTo("16777216");
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
            assertThat(reader.committed(Set.of(2)))
                    .isEqualTo(Map.of(2, new LanePosition(7, 0, 0, UpstreamEpochs.NONE)));
        }
    }

    @Test
    void anAppendToAStoppedBrokerFailsWithinItsDeadlineAndSaysWhere() {
        try (MortalBroker mortal = new MortalBroker(directory.resolve("mortal"));
                ActivationLog mourning = new KafkaLog(shortTempered(mortal.bootstrapServers()))) {
            mourning.createTopics(List.of(topic));
            LogWriter<LaneRecord> writer = mourning.writer(topic);
            assertThat(append(writer, 0, numbered(0))).succeedsWithin(20, TimeUnit.SECONDS);
            mortal.stop();
            assertThat(append(writer, 0, numbered(1)))
                    .failsWithin(6, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(LogUnavailableException.class)
                    .withMessageContaining("lane 0 of topic " + topic.name())
                    .withMessageContaining(mortal.bootstrapServers());
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

    @Test
    void appendsToATopicThatWasMadeAMomentAgoSucceedAndKeepTheirOrder() {
        for (int round = 0; round < 10; round++) {
            Topic<LaneRecord> fresh = Topics.stage("fresh-" + UUID.randomUUID(), 0);
            log.createTopics(List.of(fresh));
            List<CompletableFuture<Long>> appended = appendSpread(log.writer(fresh), 0, 50);
            assertThat(appended).allSatisfy(append -> assertThat(append).succeedsWithin(20, TimeUnit.SECONDS));
            assertThat(appended)
                    .extracting(CompletableFuture::join)
                    .containsExactlyElementsOf(IntStream.range(0, 50)
                            .mapToObj(number -> (long) (number / LANES))
                            .toList());
        }
    }

    @Test
    void appendsAndAGroupsReaderOutliveARestartOfTheBroker() {
        try (MortalBroker mortal = new MortalBroker(directory.resolve("restarted"));
                ActivationLog lasting = new KafkaLog(KafkaLogConfiguration.of(mortal.bootstrapServers(), LANES, 1))) {
            lasting.createTopics(List.of(topic));
            LogWriter<LaneRecord> writer = lasting.writer(topic);
            try (LogReader<LaneRecord> reader = lasting.joinGroup(topic, "shards", new RecordingOwnership())) {
                List<CompletableFuture<Long>> appended = new ArrayList<>(appendSpread(writer, 0, 100));
                assertThat(appended).allSatisfy(append -> assertThat(append).succeedsWithin(30, TimeUnit.SECONDS));
                List<LogRecord<LaneRecord>> records = new ArrayList<>(Readers.read(reader, 100));
                mortal.stop();
                appended.addAll(appendSpread(writer, 100, 150));
                // Longer than an append may block, so that those that follow meet a producer that knows of the outage.
                assertThat(reader.poll(Duration.ofSeconds(3))).isEmpty();
                appended.addAll(appendSpread(writer, 150, 200));
                assertThat(appended.subList(100, 200)).noneMatch(CompletableFuture::isDone);
                mortal.startAgain();
                assertThat(appended).allSatisfy(append -> assertThat(append).succeedsWithin(30, TimeUnit.SECONDS));
                records.addAll(Readers.read(reader, 100));
                assertThat(reader.poll(Duration.ofMillis(300))).isEmpty();
                assertSpread(records, 200);
            }
        }
    }

    /** Appends records numbered from first to end - 1, each on the lane of its number, without waiting. */
    private static List<CompletableFuture<Long>> appendSpread(LogWriter<LaneRecord> writer, int first, int end) {
        return IntStream.range(first, end)
                .mapToObj(number -> append(writer, number % LANES, numbered(number)))
                .toList();
    }

    private static void assertSpread(List<LogRecord<LaneRecord>> records, int end) {
        assertThat(records).hasSize(end);
        for (int lane = 0; lane < LANES; lane++) {
            assertThat(numbers(ofLane(records, lane)))
                    .containsExactlyElementsOf(IntStream.iterate(lane, number -> number < end, number -> number + LANES)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void aGroupsReaderReadsOnWhenItsTopicWasDeletedAndMadeAnew() throws Exception {
        LogWriter<LaneRecord> writer = log.writer(topic);
        append(1, 0, 3);
        RecordingOwnership ownership = new RecordingOwnership();
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, "bereft", ownership)) {
            Readers.read(reader, 3);
            assertThat(reader.claim(1, new LanePosition(3, 3, 1, UpstreamEpochs.NONE)))
                    .isTrue();
            try (Admin admin = admin()) {
                admin.deleteTopics(List.of(topic.name())).all().get(20, TimeUnit.SECONDS);
            }
            Readers.pollUntil(() -> ownership.owned().isEmpty(), List.of(reader));
            assertThat(reader.poll(Duration.ofMillis(300))).isEmpty();
            log.createTopics(List.of(topic));
            Readers.pollUntil(
                    () -> ownership.owned().equals(reader.lanes())
                            && reader.lanes().size() == LANES,
                    List.of(reader));
            assertThat(reader.committed(reader.lanes())).isEmpty();
            for (int number = 10; number < 12; number++) {
                assertThat(append(writer, 1, numbered(number))).succeedsWithin(20, TimeUnit.SECONDS);
            }
            assertThat(numbers(Readers.read(reader, 2))).containsExactly(10, 11);
        }
    }

    @Test
    void aMemberThatItsGroupHasReplacedCannotClaimNorCommit() {
        try (ActivationLog sleepy = new KafkaLog(withPollInterval("1000"));
                LogReader<LaneRecord> paused = sleepy.joinGroup(topic, "replacing", new RecordingOwnership());
                LogReader<LaneRecord> next = log.joinGroup(topic, "replacing", new RecordingOwnership())) {
            Readers.pollUntil(() -> paused.lanes().size() == LANES, List.of(paused));
            Set<Integer> lanes = paused.lanes();
            Readers.pollUntil(() -> next.lanes().equals(lanes), List.of(next));
            LanePosition claimed = new LanePosition(0, 0, 2, UpstreamEpochs.NONE);
            assertThat(next.claim(1, claimed)).isTrue();
            assertThat(paused.lanes()).isEqualTo(lanes);
            assertThat(paused.claim(1, new LanePosition(0, 0, 3, UpstreamEpochs.NONE)))
                    .isFalse();
            paused.commit(Map.of(1, new LanePosition(0, 0, 4, UpstreamEpochs.NONE)));
            Readers.pollUntil(() -> paused.lanes().size() + next.lanes().size() == LANES, List.of(paused, next));
            assertThat(next.committed(lanes)).isEqualTo(Map.of(1, claimed));
        }
    }

    @Test
    void aClaimThatNoBrokerAnswersIsGivenUpWithinTheDeadline() {
        try (MortalBroker mortal = new MortalBroker(directory.resolve("claimed"));
                ActivationLog mourning = new KafkaLog(shortTempered(mortal.bootstrapServers()))) {
            mourning.createTopics(List.of(topic));
            try (LogReader<LaneRecord> reader = mourning.joinGroup(topic, "shards", new RecordingOwnership())) {
                Readers.pollUntil(() -> reader.lanes().size() == LANES, List.of(reader));
                mortal.stop();
                assertThatThrownBy(() -> reader.claim(1, new LanePosition(0, 0, 1, UpstreamEpochs.NONE)))
                        .isInstanceOf(LogUnavailableException.class)
                        .hasMessageContaining("claim a lane of topic " + topic.name());
            }
        }
    }

    @Test
    void deletedRecordsFreeTheDiskASegmentAtATime() {
        LogWriter<LaneRecord> writer = log.writer(topic);
        for (int number = 0; number < 5; number++) {
            assertThat(append(writer, 1, ofBytes(LogWriter.MAXIMAL_RECORD_BYTES)))
                    .succeedsWithin(30, TimeUnit.SECONDS);
        }
        assertThat(log.sizes(topic).get(1)).isGreaterThan(5L * LogWriter.MAXIMAL_RECORD_BYTES);
        log.deleteBelow(topic, Map.of(1, 5L));
        Readers.until(() -> log.sizes(topic).getOrDefault(1, 0L) <= 2L * LogWriter.MAXIMAL_RECORD_BYTES);
    }

    private static KafkaLogConfiguration withPollInterval(String milliseconds) {
        return new KafkaLogConfiguration(
                broker.bootstrapServers(),
                LANES,
                1,
                KafkaLogConfiguration.DEFAULT_RETENTION,
                KafkaLogConfiguration.DEFAULT_DEADLINE,
                KafkaLogConfiguration.DEFAULT_DELIVERY_TIMEOUT,
                Map.of("max.poll.interval.ms", milliseconds));
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

    private void appendRaw(int lane, @Nullable String key, byte @Nullable [] value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            var _ = producer.send(new ProducerRecord<>(topic.name(), lane, key, value))
                    .get(20, TimeUnit.SECONDS);
        }
    }
}
