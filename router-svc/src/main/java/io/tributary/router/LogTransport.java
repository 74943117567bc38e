package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogException;
import io.tributary.log.LogInterruptedException;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.LogUnavailableException;
import io.tributary.log.LogWriter;
import io.tributary.log.ReadTrimming;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.CancelExpertWork;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Work goes over a topic with one lane an expert, and results come over one of which each router reads a single lane. What is
 * lost there is asked for again when its time is over, as from a shard that does not answer.
 */
final class LogTransport implements ShardTransport {
    /** Rows of a record at most: what a record carries, without what is around them. */
    static final int MOST_BYTES = LogWriter.MAXIMAL_RECORD_BYTES - 4096;

    private static final Logger LOG = Logger.getLogger(LogTransport.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    /** Of this run: results for the work of an earlier one must not be taken for those of its own. */
    private final String routerId = UUID.randomUUID().toString();

    private final LogWriter<ExpertWorkRecord> work;
    private final int resultLane;
    private final Outcomes outcomes;
    private final ReadTrimming trimming;
    private final Thread reading;
    private volatile boolean closed;

    /**
     * Makes the topics exist and begins to read results.
     *
     * @param log with a lane for every expert; stays open
     * @param model the model's name
     * @throws LogException when the log cannot be reached
     */
    LogTransport(ActivationLog log, String model, Outcomes outcomes) {
        this.outcomes = outcomes;
        Topic<ExpertWorkRecord> asked = Topics.expertWork(model);
        Topic<ExpertResultRecord> results = Topics.expertResults(model);
        log.createTopics(List.of(asked, results));
        work = log.writer(asked);
        resultLane = Math.floorMod(routerId.hashCode(), log.lanes());
        trimming = new ReadTrimming(log, results);
        LogReader<ExpertResultRecord> reader = log.followFromEnd(results, Set.of(resultLane));
        reading = Thread.ofPlatform().name("router-results").daemon().start(() -> read(reader));
    }

    @Override
    public ExpertTransport kind() {
        return ExpertTransport.EXPERT_TRANSPORT_KAFKA;
    }

    @Override
    public ShardLink link(String shardId, AttachOutlet outlet) {
        return new LogLink(shardId, outlet);
    }

    private void read(LogReader<ExpertResultRecord> reader) {
        try (reader) {
            while (!closed) {
                readSome(reader);
            }
        } catch (LogClosedException | LogInterruptedException _) {
            LOG.debug("results of experts are not read any more");
        }
    }

    private void readSome(LogReader<ExpertResultRecord> reader) {
        try {
            for (LogRecord<ExpertResultRecord> each : reader.poll(POLL)) {
                trimming.read(each);
                if (each.value().getRouterId().equals(routerId)) {
                    outcomes.result(each.value().getResult());
                }
            }
        } catch (LogUnavailableException failure) {
            LOG.warnf("results of experts cannot be read, trying again: %s", Problems.messageOf(failure));
            LockSupport.parkNanos(PAUSE_AFTER_ERROR.toNanos());
        }
    }

    /**
     * Reads no more results.
     *
     * @return whether the reader has ended within a deadline
     */
    boolean end() {
        closed = true;
        trimming.close();
        reading.interrupt();
        try {
            return reading.join(LONGEST_END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void append(int lane, ExpertWorkRecord.Builder what, long workId) {
        ExpertWorkRecord appended =
                what.setRouterId(routerId).setResultPartition(resultLane).build();
        try {
            work.append(lane, appended, routerId, Map.of()).whenComplete((_, failure) -> {
                if (failure != null) {
                    outcomes.unsent(workId, unsent(failure));
                }
            });
        } catch (LogException failure) {
            outcomes.unsent(workId, unsent(failure));
        }
    }

    private static Status unsent(Throwable failure) {
        return Problems.unavailable("the log has not taken its work: %s".formatted(Problems.messageOf(failure)));
    }

    private final class LogLink implements ShardLink {
        private final String shardId;
        private final AttachOutlet outlet;

        LogLink(String shardId, AttachOutlet outlet) {
            this.shardId = shardId;
            this.outlet = outlet;
        }

        @Override
        public void send(ExpertWork asked) {
            append(
                    asked.getExperts(0).getExpert(),
                    ExpertWorkRecord.newBuilder().setShardId(shardId).setWork(asked),
                    asked.getWorkId());
        }

        /** Behind the work on its lane; if it is lost the work is done for nothing. */
        @Override
        public void cancel(long workId, int expert) {
            append(
                    expert,
                    ExpertWorkRecord.newBuilder()
                            .setShardId(shardId)
                            .setCancel(CancelExpertWork.newBuilder().setWorkId(workId)),
                    workId);
        }

        @Override
        public void hold(ExpertSet experts) {
            CallTransport.hold(outlet, experts);
        }

        @Override
        public void end(Status reason) {
            outlet.end(reason);
        }

        @Override
        public boolean takesOneExpertAMessage() {
            return true;
        }
    }
}
