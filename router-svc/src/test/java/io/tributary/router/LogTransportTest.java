package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.log.InProcessLog;
import io.tributary.log.LaneBounds;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.LogWriter;
import io.tributary.log.Topics;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogTransportTest {
    private static final int EXPERTS = 4;
    private static final String MODEL = "tiny";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ExpertWork WORK = ExpertWork.newBuilder()
            .setWorkId(17)
            .setLayer(2)
            .addExperts(ExpertRows.newBuilder().setExpert(3).setHiddenStates(ByteString.copyFromUtf8("rows")))
            .build();

    private final InProcessLog log = new InProcessLog(EXPERTS, LaneBounds.DEFAULT);
    private final BlockingQueue<ExpertResult> results = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> unsent = new LinkedBlockingQueue<>();
    private final LogTransport transport = new LogTransport(log, MODEL, new Outcomes() {
        @Override
        public void result(ExpertResult result) {
            results.add(result);
        }

        @Override
        public void unsent(long workId, Status reason) {
            unsent.add(reason);
        }
    });
    private final BlockingQueue<ExpertShardCommand> commands = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    private final ShardLink link = transport.link("shard-a", new AttachOutlet() {
        @Override
        public void send(ExpertShardCommand command) {
            commands.add(command);
        }

        @Override
        public void end(Status reason) {
            ends.add(reason);
        }
    });

    @AfterEach
    void close() {
        assertThat(transport.end()).isTrue();
        log.close();
    }

    @Test
    void workGoesToTheLaneOfItsExpertAndIsCancelledThere() {
        try (LogReader<ExpertWorkRecord> reader = log.followFromEnd(Topics.expertWork(MODEL))) {
            link.send(WORK);
            link.cancel(17, 3);
            List<LogRecord<ExpertWorkRecord>> records = reader.poll(LONG);
            assertThat(records).hasSize(2).allSatisfy(record -> {
                assertThat(record.lane()).isEqualTo(3);
                assertThat(record.value().getShardId()).isEqualTo("shard-a");
                assertThat(record.value().getResultPartition()).isLessThan(EXPERTS);
            });
            assertThat(records.getFirst().value().getWork()).isEqualTo(WORK);
            assertThat(records.getLast().value().getCancel().getWorkId()).isEqualTo(17);
        }
    }

    @Test
    void resultsForThisRouterAreReadFromItsLane() throws InterruptedException {
        ExpertWorkRecord asked;
        try (LogReader<ExpertWorkRecord> reader = log.followFromEnd(Topics.expertWork(MODEL))) {
            link.send(WORK);
            asked = reader.poll(LONG).getFirst().value();
        }
        answer(asked, "another router", 1);
        answer(asked, asked.getRouterId(), 2);
        ExpertResult result = results.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(result).isNotNull();
        assertThat(result.getWorkId()).isEqualTo(2);
        assertThat(results).isEmpty();
    }

    private void answer(ExpertWorkRecord asked, String routerId, long workId) {
        LogWriter<ExpertResultRecord> writer = log.writer(Topics.expertResults(MODEL));
        ExpertResultRecord record = ExpertResultRecord.newBuilder()
                .setRouterId(routerId)
                .setResult(ExpertResult.newBuilder().setWorkId(workId))
                .build();
        writer.append(asked.getResultPartition(), record, routerId, Map.of())
                .toCompletableFuture()
                .join();
    }

    @Test
    void workThatTheLogDoesNotTakeIsUnsent() throws InterruptedException {
        log.close();
        link.send(WORK);
        Status reason = unsent.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(reason).isNotNull();
        assertThat(reason.getCode()).isEqualTo(Code.UNAVAILABLE_VALUE);
    }

    @Test
    void placementsAndTheEndGoOverTheCall() {
        link.hold(ExpertSet.parse("1,3"));
        assertThat(commands.remove().getHold().getExpertsList()).containsExactly(1, 3);
        link.end(Problems.unavailable("over"));
        assertThat(ends.remove().getMessage()).isEqualTo("over");
        assertThat(transport.kind()).isEqualTo(ExpertTransport.EXPERT_TRANSPORT_KAFKA);
        assertThat(link.takesOneExpertAMessage()).isTrue();
    }
}
