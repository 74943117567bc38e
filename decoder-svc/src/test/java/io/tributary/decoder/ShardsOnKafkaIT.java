package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.tributary.broker.DevBroker;
import io.tributary.broker.DevBrokerConfiguration;
import io.tributary.decoder.TestShards.Replica;
import io.tributary.log.KafkaLog;
import io.tributary.log.KafkaLogConfiguration;
import io.tributary.log.Topics;
import io.tributary.proto.log.v1.SessionFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of sessions when something is wrong with the log itself: a real broker, stopped, emptied and spoilt. */
@Timeout(180)
class ShardsOnKafkaIT {
    @TempDir
    private Path directory;

    private DevBrokerConfiguration configuration;
    private DevBroker broker;

    @BeforeEach
    void startBroker() {
        configuration = DevBrokerConfiguration.onFreePorts(directory);
        broker = DevBroker.start(configuration);
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void streamsGoOnWhereTheyWereWhenTheBrokerHasBeenAway() {
        List<Object> undisturbed = undisturbed(3);
        try (TestShards shards = onKafka(2)) {
            startAll(shards, 2);
            String session = shards.open(0, 20, 100, 3);
            shards.awaitTokens(session, 5);

            broker.close();
            broker = DevBroker.start(configuration);

            shards.await(() -> shards.tokensOf(session).complete()
                    || shards.tokensOf(session).failed());
            assertThat(shards.tokensOf(session).failure()).isNull();
            assertThat(shards.tokensOf(session).bits()).isEqualTo(undisturbed);
        }
    }

    @Test
    void aRecordThatCannotBeReadEndsItsSessionAndNoOther() throws Exception {
        try (TestShards shards = onKafka(1)) {
            startAll(shards, 1);
            String spoilt = shards.open(0, 20, 100, 4);
            String other = shards.open(0, 20, 100, 5);
            shards.awaitTokens(spoilt, 1);

            appendGarbage(0, spoilt);

            shards.await(() -> shards.tokensOf(spoilt).failed());
            SessionFailure failure =
                    Objects.requireNonNull(shards.tokensOf(spoilt).failure());
            assertThat(failure.getCode()).isEqualTo(Code.DATA_LOSS.getNumber());
            assertThat(failure.getMessage()).contains("lane 0 of stage 0 cannot be read");
            shards.await(() -> shards.tokensOf(other).complete());
        }
    }

    @Test
    void aTopicThatIsDeletedIsMadeAgainAndNewSessionsAreServed() throws Exception {
        try (TestShards shards = onKafka(1)) {
            List<Replica> replicas = startAll(shards, 1);
            String before = shards.open(1, 20, 5, 6);
            shards.await(() -> shards.tokensOf(before).complete());

            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.deleteTopics(List.of(Topics.stage("kjv", 0).name())).all().get(30, TimeUnit.SECONDS);
            }

            shards.await(() -> replicas.getFirst().shard().lanes().isEmpty());
            shards.await(() -> replicas.getFirst().shard().lanes().size() == TestShards.LANES);
            String after = shards.open(1, 20, 5, 6);
            shards.await(() -> shards.tokensOf(after).complete());
            assertThat(shards.tokensOf(after).bits())
                    .isEqualTo(shards.tokensOf(before).bits());
        }
    }

    @Test
    void recordsOfSessionsThatHaveEndedAreDeleted() throws Exception {
        try (TestShards shards = onKafka(1)) {
            startAll(shards, 1);
            String session = shards.open(2, 20, 50, 7);
            shards.await(() -> shards.tokensOf(session).complete());

            shards.await(() -> oldestRecord(2) > 50);
        }
    }

    private long oldestRecord(int lane) {
        var partition = new org.apache.kafka.common.TopicPartition(
                Topics.stage("kjv", 0).name(), lane);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listOffsets(Map.of(partition, org.apache.kafka.clients.admin.OffsetSpec.earliest()))
                    .partitionResult(partition)
                    .get(30, TimeUnit.SECONDS)
                    .offset();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private void appendGarbage(int lane, String key) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] noMessage = {(byte) 0xff, (byte) 0xff, (byte) 0xff};
            var _ = producer.send(new ProducerRecord<>(
                            Topics.stage("kjv", 0).name(),
                            lane,
                            key.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            noMessage))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private TestShards onKafka(int stages) {
        KafkaLog log = new KafkaLog(KafkaLogConfiguration.of(broker.bootstrapServers(), TestShards.LANES, 1));
        return new TestShards(log, stages, TestShards.LIMITS, TestShards.KEY_VALUE_BYTES);
    }

    private static List<Replica> startAll(TestShards shards, int stages) {
        List<Replica> replicas = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            replicas.add(shards.start(stage));
        }
        shards.await(() ->
                replicas.stream().allMatch(replica -> replica.shard().lanes().size() == TestShards.LANES));
        return replicas;
    }

    private static List<Object> undisturbed(long seed) {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String session = shards.open(0, 20, 100, seed);
            shards.await(() -> shards.tokensOf(session).complete());
            return shards.tokensOf(session).bits();
        }
    }
}
