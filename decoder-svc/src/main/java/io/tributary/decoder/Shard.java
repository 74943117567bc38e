package io.tributary.decoder;

import io.tributary.log.ActivationLog;
import io.tributary.log.LaneOwnership;
import io.tributary.log.LanePosition;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogException;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.Topics;
import io.tributary.models.DecoderStage;
import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * A running replica of a stage: one thread that polls its lanes and computes what comes. All that a poll returns is one
 * batch, whatever sessions it comes from.
 */
final class Shard implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Shard.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final LogReader<LaneRecord> reader;
    private final ShardSessions sessions;
    private final SessionProcessing processing;
    private final Duration idleTimeout;
    private final Map<Integer, Long> nextOffsets = new HashMap<>();
    private final Thread thread;
    private volatile Set<Integer> lanes = Set.of();
    private volatile boolean stopping;
    private long lastCommit = System.nanoTime();

    Shard(DecoderStage stage, StageModel model, ActivationLog log, int maximalSessions, Duration idleTimeout) {
        this.sessions = new ShardSessions(stage, model, maximalSessions);
        this.processing =
                new SessionProcessing(stage, model, sessions, new StageOutput(log, model.name(), model.range()));
        this.idleTimeout = idleTimeout;
        String group = "tributary." + model.name() + ".stage-" + model.range().index();
        this.reader = log.joinGroup(Topics.stage(model.name(), model.range().index()), group, new Ownership());
        this.thread = Thread.ofPlatform()
                .name("tributary-stage-" + model.range().index())
                .daemon()
                .start(this::run);
    }

    /** The lanes that the shard owns. */
    Set<Integer> lanes() {
        return lanes;
    }

    /** Number of sessions with state. */
    int liveSessions() {
        return sessions.count();
    }

    /** Whether the shard still computes what its lanes bring. */
    boolean running() {
        return thread.isAlive();
    }

    /** Whether new sessions are taken. */
    boolean acceptsSessions() {
        return running() && processing.acceptsSessions();
    }

    /** From now on new sessions are refused; those that live go on. */
    void refuseNewSessions() {
        processing.refuseNewSessions();
    }

    private void run() {
        try (reader) {
            while (!stopping) {
                pollOnce();
            }
            commit();
        } catch (LogClosedException closed) {
            LOG.debug("the log was closed", closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) {
            LOG.error("the shard stopped on an error of its own; its readiness says so", failure);
        } finally {
            sessions.freeLanes(lanes);
        }
    }

    private void pollOnce() throws InterruptedException {
        try {
            List<LogRecord<LaneRecord>> records = reader.poll(POLL);
            process(records);
            records.forEach(laneRecord -> nextOffsets.put(laneRecord.lane(), laneRecord.offset() + 1));
            sessions.idle(idleTimeout).forEach(processing::expire);
            if (System.nanoTime() - lastCommit > COMMIT_INTERVAL.toNanos()) {
                commit();
            }
        } catch (LogClosedException closed) {
            throw closed;
        } catch (LogException failure) {
            LOG.warnf("reading the log failed, trying again: %s", failure.getMessage());
            Thread.sleep(PAUSE_AFTER_ERROR);
        }
    }

    /** A fault of this code must not end the shard: the sessions that live end with an error, later ones are served. */
    private void process(List<LogRecord<LaneRecord>> records) {
        try {
            processing.process(records);
        } catch (LogException failure) {
            throw failure;
        } catch (RuntimeException fault) {
            LOG.error("a batch failed on an internal error; its sessions end", fault);
            processing.failAll("an internal error in a decoder shard; its log has the cause");
        }
    }

    private void commit() {
        lastCommit = System.nanoTime();
        if (nextOffsets.isEmpty()) {
            return;
        }
        Map<Integer, LanePosition> positions = HashMap.newHashMap(nextOffsets.size());
        nextOffsets.forEach((lane, next) -> positions.put(lane, new LanePosition(next, sessions.lowWater(lane, next))));
        reader.commit(positions);
        nextOffsets.clear();
    }

    /** Ends the thread after the batch in hand, commits, and gives the lanes up. */
    @Override
    public void close() {
        stopping = true;
        reader.wakeup();
        try {
            if (!thread.join(STOP_DEADLINE)) {
                LOG.warnf("the shard did not stop within %s", STOP_DEADLINE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a forward pass may still be under way. */
    boolean isRunning() {
        return thread.isAlive();
    }

    /** Keeps the owned lanes; state of a lost lane is another shard's business. */
    private final class Ownership implements LaneOwnership {
        @Override
        public void assigned(Set<Integer> gained) {
            lanes = union(lanes, gained);
        }

        @Override
        public void revoked(Set<Integer> lost) {
            commit();
            nextOffsets.keySet().removeAll(lost);
            sessions.freeLanes(lost);
            lanes = difference(lanes, lost);
        }

        private static Set<Integer> union(Set<Integer> some, Set<Integer> more) {
            Set<Integer> all = new java.util.TreeSet<>(some);
            all.addAll(more);
            return Set.copyOf(all);
        }

        private static Set<Integer> difference(Set<Integer> all, Set<Integer> without) {
            Set<Integer> rest = new java.util.TreeSet<>(all);
            rest.removeAll(without);
            return Set.copyOf(rest);
        }
    }
}
