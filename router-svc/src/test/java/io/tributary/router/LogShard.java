package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogInterruptedException;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.LogWriter;
import io.tributary.log.Topics;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An expert shard that takes its work from the log; the shards of a test share the experts that they compute with. */
final class LogShard implements AttachOutlet, AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);

    private final LocalExperts experts;
    private final String id;
    private final LogReader<ExpertWorkRecord> reader;
    private final LogWriter<ExpertResultRecord> writer;
    private final Thread computing;

    LogShard(ActivationLog log, LocalExperts experts, String id) {
        this.experts = experts;
        this.id = id;
        log.createTopics(List.of(Topics.expertWork("tiny"), Topics.expertResults("tiny")));
        reader = log.followFromEnd(Topics.expertWork("tiny"));
        writer = log.writer(Topics.expertResults("tiny"));
        computing = Thread.ofPlatform().daemon().start(this::compute);
    }

    void attach(RunningRouter router, String held) {
        Attachments attachments = router.attachments().orElseThrow();
        router.run(() -> attachments
                .begin(this)
                .message(ExpertShardMessage.newBuilder()
                        .setAnnouncement(ExpertShardAnnouncement.newBuilder()
                                .setShardId(id)
                                .setModelFingerprint(router.model().fingerprint())
                                .setEndLayer(router.model().layerCount())
                                .addAllExperts(
                                        () -> ExpertSet.parse(held).indices().iterator())
                                .setTransport(ExpertTransport.EXPERT_TRANSPORT_KAFKA))
                        .build()));
    }

    private void compute() {
        try (reader) {
            while (true) {
                for (LogRecord<ExpertWorkRecord> each : reader.poll(POLL)) {
                    if (each.value().getShardId().equals(id) && each.value().hasWork()) {
                        answer(each.value());
                    }
                }
            }
        } catch (LogInterruptedException | LogClosedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(ExpertWorkRecord asked) {
        ExpertResultRecord.Builder result = ExpertResultRecord.newBuilder().setRouterId(asked.getRouterId());
        result.setResult(experts.answer(asked.getWork()));
        var _ = writer.append(asked.getResultPartition(), result.build(), asked.getRouterId(), Map.of());
    }

    @Override
    public void send(ExpertShardCommand command) {}

    @Override
    public void end(Status reason) {}

    @Override
    public void close() {
        computing.interrupt();
        try {
            computing.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
