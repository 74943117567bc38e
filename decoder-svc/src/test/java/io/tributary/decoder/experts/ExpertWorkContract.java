package io.tributary.decoder.experts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.LogWriter;
import io.tributary.log.Topics;
import io.tributary.proto.router.v1.CancelExpertWork;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shard that takes its work from a log, with the test in the place of the routers. */
@Timeout(120)
abstract class ExpertWorkContract {
    private static final int RESULT_LANE = 2;

    @TempDir
    private Path directory;

    private final StandInRouter router = new StandInRouter(0);
    private final ActivationLog log = openLog();

    abstract ActivationLog openLog();

    @BeforeEach
    void createTopics() {
        log.createTopics(List.of(Topics.expertWork("mixture"), Topics.expertResults("mixture")));
    }

    @AfterEach
    void close() {
        router.close();
        log.close();
    }

    private ShardUnderTest shard(String experts) {
        return new ShardUnderTest(directory, experts, Optional.of(log), router.port());
    }

    private static ExpertWorkRecord.Builder asked(String shardId) {
        return ExpertWorkRecord.newBuilder()
                .setShardId(shardId)
                .setRouterId("router-1")
                .setResultPartition(RESULT_LANE);
    }

    private void append(int lane, ExpertWorkRecord.Builder asked) {
        LogWriter<ExpertWorkRecord> writer = log.writer(Topics.expertWork("mixture"));
        assertThat(writer.append(lane, asked.build(), "router-1", Map.of())).succeedsWithin(20, TimeUnit.SECONDS);
    }

    private LogReader<ExpertResultRecord> results() {
        return log.followFromEnd(Topics.expertResults("mixture"), Set.of(RESULT_LANE));
    }

    private static List<ExpertResult> read(LogReader<ExpertResultRecord> reader, int count) {
        List<ExpertResult> results = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (results.size() < count && System.nanoTime() < deadline) {
            for (LogRecord<ExpertResultRecord> each : reader.poll(Duration.ofSeconds(1))) {
                assertThat(each.value().getRouterId()).isEqualTo("router-1");
                results.add(each.value().getResult());
            }
        }
        assertThat(results).hasSize(count);
        return results;
    }

    @Test
    void aShardComputesTheRecordsThatNameIt() {
        ByteString rows = ShardUnderTest.rows(3, 1);
        try (LogReader<ExpertResultRecord> results = results();
                ShardUnderTest shard = shard("0-1")) {
            assertThat(router.announcement().getTransport()).isEqualTo(ExpertTransport.EXPERT_TRANSPORT_KAFKA);
            append(1, asked("shard-2").setWork(ShardUnderTest.work(1, 0, 1, rows)));
            append(1, asked("shard-1").setWork(ShardUnderTest.work(2, 0, 1, rows)));
            append(0, asked("shard-1").setWork(ShardUnderTest.work(3, 1, 0, rows)));

            assertThat(read(results, 2))
                    .satisfiesExactlyInAnyOrder(
                            result -> {
                                assertThat(result.getWorkId()).isEqualTo(2);
                                assertThat(result.getOutputs(0)).isEqualTo(shard.expected(0, 1, rows));
                            },
                            result -> {
                                assertThat(result.getWorkId()).isEqualTo(3);
                                assertThat(result.getOutputs(0)).isEqualTo(shard.expected(1, 0, rows));
                            });
        }
    }

    @Test
    void recordsThatCannotBeDoneDisturbNoOther() {
        ByteString rows = ShardUnderTest.rows(1, 2);
        try (LogReader<ExpertResultRecord> results = results();
                ShardUnderTest shard = shard("0")) {
            router.announcement();
            append(0, asked("shard-1"));
            append(0, asked("shard-1").setCancel(CancelExpertWork.newBuilder().setWorkId(77)));
            append(0, asked("shard-1").setResultPartition(99).setWork(ShardUnderTest.work(1, 0, 0, rows)));
            append(0, asked("shard-1").setWork(ShardUnderTest.work(2, 0, 3, rows)));
            append(0, asked("shard-1").setWork(ExpertWork.newBuilder().setWorkId(3)));
            append(0, asked("shard-1").setWork(ShardUnderTest.work(4, 0, 0, rows)));

            List<ExpertResult> answers = read(results, 3);

            assertThat(answers.get(0).getError().getCode()).isEqualTo(Code.NOT_FOUND.getNumber());
            assertThat(answers.get(1).getError().getCode()).isEqualTo(Code.INVALID_ARGUMENT.getNumber());
            assertThat(answers.get(2).getOutputs(0)).isEqualTo(shard.expected(0, 0, rows));
        }
    }

    @Test
    void theLaneOfAnExpertIsReadBeforeAnybodyHearsOfTheExpert() {
        ByteString rows = ShardUnderTest.rows(2, 3);
        try (LogReader<ExpertResultRecord> results = results();
                ShardUnderTest shard = shard("0")) {
            router.announcementOf(0);
            router.hold(0, 3);
            router.announcementOf(0, 3);
            append(3, asked("shard-1").setWork(ShardUnderTest.work(1, 0, 3, rows)));
            append(0, asked("shard-1").setWork(ShardUnderTest.work(2, 0, 0, rows)));

            assertThat(read(results, 2)).extracting(ExpertResult::getWorkId).containsExactlyInAnyOrder(1L, 2L);
            assertThat(shard.shard().experts()).hasToString("0,3");
        }
    }
}
