package io.tributary.decoder;

import io.tributary.log.ActivationLog;
import io.tributary.log.LaneOwnership;
import io.tributary.log.LanePosition;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogException;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.log.UnreadableRecord;
import io.tributary.models.DecoderStage;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A running replica of a stage: one thread that claims the lanes it is assigned, reads their records, and computes in passes
 * what they bring, whatever sessions it comes from.
 */
final class Shard implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Shard.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);
    private static final Duration TRIM_INTERVAL = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
    private static final Duration LAST_APPENDS = Duration.ofSeconds(3);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    /** A round that takes so long was not computing: the process, or the machine, stood still. */
    private static final Duration STANDSTILL = Duration.ofSeconds(5);

    private final Topic<LaneRecord> topic;
    private final Topic<TokenRecord> tokens;
    private final boolean writesTokens;
    private final LogReader<LaneRecord> reader;
    private final StageOutput output;
    private final Turns turns;
    private final ShardSessions sessions;
    private final ShardFigures figures;
    private final ShardTimings timings;
    private final SessionProcessing processing;
    private final ShardStatus status;
    private final LogTrimming trimming;
    private final ReplayClock replayClock;
    private final Duration idleTimeout;
    private final LaneClaims claims = new LaneClaims();
    private final Map<Integer, OwnedLane> owned = new TreeMap<>();
    private final Thread thread;
    private volatile Set<Integer> lanes = Set.of();
    private volatile boolean stopping;
    private long lastCommit = System.nanoTime();
    private long lastTrim = System.nanoTime();
    private long roundStart = System.nanoTime();

    Shard(
            DecoderStage stage,
            StageModel model,
            ActivationLog log,
            List<Topic<?>> topics,
            ShardLimits limits,
            ShardTelemetry telemetry) {
        this.topic = Topics.stage(model.name(), model.range().index());
        this.tokens = Topics.tokens(model.name());
        this.writesTokens = model.range().last();
        this.output = new StageOutput(log, model.name(), model.range());
        this.turns = new Turns(model, this::wake);
        this.sessions = new ShardSessions(stage, model, turns, limits.sessions());
        ShardObservers observers = ShardObservers.of(model, telemetry);
        this.figures = observers.figures();
        this.timings = observers.timings();
        this.processing =
                new SessionProcessing(stage, model, sessions, output, observers, rebuilds(log), limits.promptRows());
        this.status = new ShardStatus(sessions, output, limits.retainedBytes());
        this.replayClock = new ReplayClock(figures, timings);
        this.idleTimeout = limits.idleTimeout();
        this.trimming = new LogTrimming(log, topics);
        String group = "tributary." + model.name() + ".stage-" + model.range().index();
        this.reader = log.joinGroup(topic, group, new Ownership());
        this.thread = Thread.ofPlatform()
                .name("tributary-stage-" + model.range().index())
                .daemon()
                .unstarted(this::run);
        thread.start();
    }

    private SessionProcessing.Rebuilds rebuilds(ActivationLog log) {
        return (session, first, mostPositions, entry) ->
                new SessionRebuild(log, topic, session, first, mostPositions, turns, entry, this::wake);
    }

    private void wake() {
        reader.wakeup();
    }

    /** The lanes that the shard has claimed and serves. */
    Set<Integer> lanes() {
        return lanes;
    }

    /** Number of sessions with state. */
    int liveSessions() {
        return sessions.count();
    }

    /** Whether the shard still computes what its lanes bring: a forward pass may be under way. */
    boolean running() {
        return thread.isAlive();
    }

    /** Whether new sessions are taken. */
    boolean acceptsSessions() {
        return running() && !stopping && processing.acceptsSessions();
    }

    /** From now on new sessions are refused; those that live go on. */
    void refuseNewSessions() {
        processing.refuseNewSessions();
    }

    ShardFigures figures() {
        return figures;
    }

    /** Bytes that the model's topics take. */
    long logBytes() {
        return trimming.bytes();
    }

    private void run() {
        try (reader) {
            while (!stopping) {
                guardedRound();
            }
        } catch (LogClosedException closed) {
            LOG.debug("the log was closed", closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) {
            LOG.error("the shard stopped on an error of its own; its readiness says so", failure);
        } finally {
            owned.values().forEach(processing::drop);
            owned.clear();
            lanes = Set.of();
            turns.close();
        }
    }

    private void guardedRound() throws InterruptedException {
        try {
            round();
        } catch (LogClosedException closed) {
            throw closed;
        } catch (LogException failure) {
            LOG.warnf("reading the log failed, trying again: %s", failure.getMessage());
            Thread.sleep(PAUSE_AFTER_ERROR);
        }
    }

    private void round() throws InterruptedException {
        forgiveStandstill();
        take(claims.claim(reader));
        restartFailedLanes();
        read();
        compute();
        replayClock.look(owned.values(), processing);
        processing.expire(idleTimeout);
        status.reportWhenDue(owned.values(), acceptsSessions());
        if (System.nanoTime() - lastCommit > COMMIT_INTERVAL.toNanos()) {
            commit();
        }
        if (System.nanoTime() - lastTrim > TRIM_INTERVAL.toNanos()) {
            trim();
        }
    }

    /** A process that was stopped must not take the time for its sessions' silence. */
    private void forgiveStandstill() {
        long now = System.nanoTime();
        if (now - roundStart > STANDSTILL.toNanos()) {
            processing.forgive(Duration.ofNanos(now - roundStart));
        }
        roundStart = now;
    }

    private void take(List<OwnedLane> claimed) {
        for (OwnedLane lane : claimed) {
            figures.claims.increment();
            owned.put(lane.lane(), lane);
            LaneLedger.Entry entry = lane.ledger().enter();
            output.ownershipTaken(lane, entry);
            entry.release();
        }
        if (!claimed.isEmpty()) {
            replayClock.start(claimed);
            lanes = Set.copyOf(owned.keySet());
            status.report(claimed, acceptsSessions());
            LOG.infof(
                    "took over lanes %s, with %d records to replay",
                    claimed.stream().map(OwnedLane::lane).toList(),
                    claimed.stream().mapToLong(OwnedLane::recordsToReplay).sum());
        }
    }

    private void restartFailedLanes() {
        for (OwnedLane lane : List.copyOf(owned.values())) {
            Throwable failure = lane.ledger().failure();
            if (failure != null) {
                LOG.warnf("lane %d starts anew, since the log did not take a record: %s", lane.lane(), failure);
                figures.restarts.increment();
                forget(lane.lane());
                claims.addLater(lane.lane());
            }
        }
    }

    private void read() throws InterruptedException {
        if (processing.full()) {
            if (output.congested()) {
                // Neither reading nor computing is possible before the log takes what is on its way.
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
            return;
        }
        boolean waits = processing.idle() || output.congested();
        List<LogRecord<LaneRecord>> records = reader.poll(waits ? POLL : Duration.ZERO);
        long now = System.currentTimeMillis();
        for (LogRecord<LaneRecord> laneRecord : records) {
            OwnedLane lane = owned.get(laneRecord.lane());
            if (lane != null && laneRecord.offset() >= lane.ledger().end().offset()) {
                if (lane.emits(laneRecord.offset())) {
                    timings.read(laneRecord, now);
                }
                processing.accept(lane, laneRecord);
            }
        }
        for (UnreadableRecord unreadable : reader.takeUnreadable()) {
            OwnedLane lane = owned.get(unreadable.lane());
            if (lane != null) {
                processing.unreadable(lane, unreadable.offset(), unreadable.key());
            }
        }
    }

    /** A fault of this code must not end the shard: the sessions that live end with an error, later ones are served. */
    private void compute() {
        try {
            processing.pass();
        } catch (LogException failure) {
            throw failure;
        } catch (RuntimeException fault) {
            LOG.error("a pass failed on an internal error; the sessions of this shard end", fault);
            processing.failAll("an internal error in a decoder shard; its log has the cause");
        }
    }

    private void commit() {
        lastCommit = System.nanoTime();
        Map<Integer, LanePosition> changed = new HashMap<>();
        owned.forEach((lane, state) -> {
            LanePosition position = state.changedPosition();
            if (position != null) {
                changed.put(lane, position);
            }
        });
        if (!changed.isEmpty()) {
            reader.commit(changed);
        }
    }

    private void trim() {
        lastTrim = System.nanoTime();
        Map<Integer, Long> lowWater = new HashMap<>();
        owned.forEach((lane, state) -> lowWater.put(lane, state.position().lowWater()));
        trimming.below(topic, lowWater);
        if (writesTokens) {
            trimming.below(tokens, status.tokensLowWater(owned.values()));
        }
    }

    private void forget(int lane) {
        OwnedLane state = owned.remove(lane);
        if (state != null) {
            processing.drop(state);
        }
        lanes = Set.copyOf(owned.keySet());
    }

    /** Ends the thread after the pass in hand, commits, and gives the lanes up. */
    @Override
    public void close() {
        stopping = true;
        trimming.close();
        reader.wakeup();
        try {
            if (!thread.join(STOP_DEADLINE)) {
                LOG.warnf("the shard did not stop within %s", STOP_DEADLINE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** State of a lost lane is another shard's business, once what came of it here is in the log and committed. */
    private final class Ownership implements LaneOwnership {
        @Override
        public void assigned(Set<Integer> gained) {
            claims.add(gained);
        }

        @Override
        public void revoked(Set<Integer> lost) {
            claims.remove(lost);
            long deadline = System.nanoTime() + LAST_APPENDS.toNanos();
            for (int lane : lost) {
                OwnedLane state = owned.get(lane);
                if (state != null) {
                    state.ledger().awaitAppends(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                }
            }
            commit();
            lost.forEach(Shard.this::forget);
            LOG.infof("gave up lanes %s", new TreeSet<>(lost));
        }
    }
}
