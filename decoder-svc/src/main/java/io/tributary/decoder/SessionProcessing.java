package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.decoder.SessionRebuild.Replayed;
import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.kernels.FloatMatrix;
import io.tributary.log.LogRecord;
import io.tributary.models.DecoderStage;
import io.tributary.models.ExpertsUnavailableException;
import io.tributary.models.KeyValueExhaustedException;
import io.tributary.models.SequenceException;
import io.tributary.models.TokenIdException;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.LayerRouting;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * What a shard does with the records of its lanes: sessions open, wait for their turn, compute, and end. Used by the shard's
 * thread. Whatever a record brings about is entered in its lane's ledger.
 */
final class SessionProcessing implements StageBatch.Results {
    private static final Logger LOG = Logger.getLogger(SessionProcessing.class);

    /** A writer whose append failed repeats it within this time, or never. */
    private static final Duration LONGEST_GAP = Duration.ofSeconds(30);

    /** How long a session waits for room to be rebuilt in, or for its grammar, in nanoseconds. */
    private static final long LONGEST_WAIT = Duration.ofSeconds(60).toNanos();

    /** How long a closing may take to come back before it is asked for again, in nanoseconds. */
    private static final long DECIDED_AGAIN = Duration.ofSeconds(30).toNanos();

    /** Sessions that are rebuilt at once: each reads the log on its own. */
    private static final int MOST_REBUILDS = 4;

    /** Hidden states that may wait in memory; the rest waits in the log. */
    private static final long MOST_WAITING_BYTES = 64L << 20;

    /** How sessions are read from the log again. */
    @FunctionalInterface
    interface Rebuilds {
        /**
         * Starts to read a session from the log.
         *
         * @param first the session's first turn
         * @param mostPositions that the session may have
         * @param entry is held until the rebuild is closed
         */
        SessionRebuild start(ShardSession session, Turn first, int mostPositions, LaneLedger.Entry entry);
    }

    private final StageModel model;
    private final ShardSessions sessions;
    private final StageOutput output;
    private final ShardFigures figures;
    private final SessionTracing tracing;
    private final Rebuilds rebuilds;
    private final StageBatch batch;
    private final PassPlan plan;
    private final TokenSampling sampling;
    private final PromptReports prompts;
    private final GrammarWatch grammars;
    private final ActivationChecks checks;
    private final long mostWaitingRows;
    private volatile boolean acceptsSessions = true;

    /** @param promptRows positions of prompts in a pass in which sessions decode */
    SessionProcessing(
            DecoderStage stage,
            StageModel model,
            ShardSessions sessions,
            StageOutput output,
            ShardObservers observers,
            Rebuilds rebuilds,
            int promptRows) {
        this.model = model;
        this.sessions = sessions;
        this.output = output;
        this.figures = observers.figures();
        this.tracing = observers.tracing();
        this.rebuilds = rebuilds;
        this.batch = new StageBatch(stage, model, observers);
        this.plan = new PassPlan(
                stage.maximalRows(), promptRows, model.architecture().routesWholeSequences());
        this.sampling = new TokenSampling(model, output);
        this.prompts = new PromptReports(stage, output);
        this.grammars = new GrammarWatch(sessions, plan);
        this.checks = new ActivationChecks(model, stage.maximalRows());
        long rowBytes = (long) model.architecture().width() * Float.BYTES;
        this.mostWaitingRows = Math.max(stage.maximalRows(), MOST_WAITING_BYTES / rowBytes);
    }

    boolean acceptsSessions() {
        return acceptsSessions;
    }

    void refuseNewSessions() {
        acceptsSessions = false;
    }

    /** Whether nothing waits to be computed. */
    boolean idle() {
        return plan.isEmpty();
    }

    /** Whether positions wait to be computed again of which nothing is appended. */
    boolean replays() {
        return sessions.all().stream().map(ShardSession::nextWork).anyMatch(work -> work != null && !work.emits());
    }

    /** Whether so much waits to be computed that no more should be read for now. */
    boolean full() {
        return plan.waitingRows() >= mostWaitingRows;
    }

    /** Applies a record of an owned lane; what it brings to compute waits for a pass. */
    void accept(OwnedLane lane, LogRecord<LaneRecord> laneRecord) {
        LaneLedger.Entry entry = lane.enter(laneRecord);
        LaneRecord value = laneRecord.value();
        if (lane.isLate(value)) {
            figures.lateRecords.increment();
        } else {
            switch (value.getKindCase()) {
                case OPEN -> open(lane, laneRecord, entry);
                case ACTIVATION -> activation(lane, laneRecord, entry);
                case CLOSE -> close(lane, laneRecord, entry);
                case CONTINUE -> proceed(lane, laneRecord, entry);
                case OWNERSHIP_TAKEN -> {
                    // Its epoch is all that it says, and the lane has noted that.
                }
                case KIND_NOT_SET ->
                    LOG.warnf(
                            "an empty record at offset %d of lane %d was skipped",
                            laneRecord.offset(), laneRecord.lane());
            }
        }
        entry.release();
    }

    /** Computes one pass of what waits. */
    void pass() {
        grammars.look((session, refused) -> decide(session, refused.code(), refused.problem()));
        rebuild();
        if (output.congested()) {
            return;
        }
        plan.fill(batch);
        figures.waitingSessions = plan.waitingSessions();
        if (!batch.isEmpty()) {
            batch.run(this);
        }
    }

    /** Ends sessions that nobody continues, and those whose positions are missing from the log. */
    void expire(Duration idleTimeout) {
        long now = System.nanoTime();
        for (ShardSession session : sessions.all()) {
            if (session.lane().replaying()) {
                continue;
            }
            if (session.gapSinceBefore(now - LONGEST_GAP.toNanos())) {
                decide(
                        session,
                        Code.DATA_LOSS,
                        "the log of stage %d lacks the session's positions from %d on"
                                .formatted(model.range().index(), session.nextPosition()));
            } else if (!session.resident() && session.hasWork() && now - session.lastRecordNanos() > LONGEST_WAIT) {
                decide(session, Code.RESOURCE_EXHAUSTED, "no room for the session's keys and values came free in time");
            } else if (session.awaitsGrammar() && now - session.lastRecordNanos() > LONGEST_WAIT) {
                decide(session, Code.RESOURCE_EXHAUSTED, "the session's constraint was not compiled in time");
            } else if (!session.hasWork() && now - session.lastRecordNanos() > idleTimeout.toNanos()) {
                decide(session, Code.DEADLINE_EXCEEDED, "the session got no input in time");
            }
        }
    }

    /** The record of a session could not be read: the session cannot go on. */
    void unreadable(OwnedLane lane, long offset, String sessionId) {
        figures.unreadableRecords.increment();
        lane.skip(offset);
        ShardSession session = sessions.find(sessionId);
        if (session != null && session.lane() == lane && lane.emits(offset)) {
            decide(
                    session,
                    Code.DATA_LOSS,
                    "the record at offset %d of lane %d of stage %d cannot be read"
                            .formatted(offset, lane.lane(), model.range().index()));
        }
    }

    /** Leaves time out of account in which the shard itself stood still. */
    void forgive(Duration standstill) {
        sessions.all().forEach(session -> session.forgive(standstill.toNanos()));
    }

    /** Ends all sessions of this shard with an internal error. */
    void failAll(String message) {
        batch.clear();
        for (ShardSession session : sessions.all()) {
            LaneLedger.Entry entry = session.lane().ledger().enter();
            stop(session, entry, true, Code.INTERNAL, message);
            entry.release();
        }
    }

    /** Forgets the sessions of a lane that is not this shard's any more, or is to be started anew. */
    void drop(OwnedLane lane) {
        lane.sessions().forEach(this::free);
    }

    private void free(ShardSession session) {
        plan.remove(session);
        tracing.ended(session);
        sessions.free(session);
    }

    private void open(OwnedLane lane, LogRecord<LaneRecord> opened, LaneLedger.Entry entry) {
        String id = opened.value().getSessionId();
        if (lane.closedLately(id) || sessions.find(id) != null) {
            figures.duplicateRecords.increment();
            return;
        }
        boolean emits = lane.emits(opened.offset());
        try {
            if (emits && !acceptsSessions) {
                throw new SessionRefusedException(Code.UNAVAILABLE, "the shard is being drained; try again");
            }
            ShardSession session = sessions.open(opened, lane, entry.mark(), !emits || lane.settling());
            if (emits) {
                session.turn().requestGrammar();
                output.passOn(session, entry, opened.value());
            }
        } catch (SessionRefusedException refused) {
            if (emits) {
                output.failure(lane, entry, id, opened.headers(), refused.code(), refused.problem());
            }
        }
    }

    private void activation(OwnedLane lane, LogRecord<LaneRecord> laneRecord, LaneLedger.Entry entry) {
        ShardSession session = sessions.find(laneRecord.value().getSessionId());
        Activation activation = laneRecord.value().getActivation();
        if (session == null || session.lane() != lane || session.finished()) {
            return;
        }
        int first = activation.getFirstPosition();
        if (first >= 0 && (long) first + activation.getTokenIdsCount() <= session.nextPosition()) {
            figures.duplicateRecords.increment();
            return;
        }
        if (first > session.nextPosition()) {
            session.missPositions(System.nanoTime());
            return;
        }
        boolean emits = lane.emits(laneRecord.offset());
        try {
            checks.check(session, activation);
        } catch (SessionRefusedException refused) {
            stop(session, entry, emits, refused.code(), refused.problem());
            return;
        }
        session.accept(activation, entry, emits, System.nanoTime());
        if (emits) {
            // The turn may have begun in a replay.
            session.turn().requestGrammar();
        }
        if (session.nextWork() != null) {
            plan.add(session);
        }
    }

    private void proceed(OwnedLane lane, LogRecord<LaneRecord> laneRecord, LaneLedger.Entry entry) {
        ShardSession session = sessions.find(laneRecord.value().getSessionId());
        if (session == null || session.lane() != lane) {
            return;
        }
        boolean emits = lane.emits(laneRecord.offset());
        if (session.turn().promptLength() >= laneRecord.value().getContinue().getPromptLength()) {
            figures.duplicateRecords.increment();
            return;
        }
        try {
            sessions.proceed(session, laneRecord.value().getContinue());
            session.headers(laneRecord.headers());
            if (emits) {
                session.turn().requestGrammar();
                output.passOn(session, entry, laneRecord.value());
            }
        } catch (SessionRefusedException refused) {
            stop(session, entry, emits, refused.code(), refused.problem());
        }
    }

    /** Rebuilds evicted sessions that have something to do and find room, and takes what the log brings of them. */
    private void rebuild() {
        int rebuilding = 0;
        boolean room = true;
        for (ShardSession session : sessions.all()) {
            SessionRebuild current = session.rebuild();
            if (current != null) {
                rebuilding++;
                take(session, current);
            } else if (!session.resident() && session.hasWork() && rebuilding < MOST_REBUILDS && room) {
                // Who has waited longest comes first, even if a smaller one would fit.
                room = sessions.hasRoom(session);
                if (room) {
                    rebuilding++;
                    start(session);
                }
            }
        }
    }

    private void start(ShardSession session) {
        if (session.rebuildTarget() == 0) {
            session.rebuilt();
            plan.add(session);
            return;
        }
        try {
            int most = sessions.mostPositions(session.request());
            Turn first = sessions.firstTurn(session);
            LaneLedger.Entry entry = session.lane().ledger().enter();
            session.rebuild(rebuilds.start(session, first, most, entry));
            figures.rebuilds.increment();
        } catch (SessionRefusedException impossible) {
            decide(session, impossible.code(), impossible.problem());
        }
    }

    private void take(ShardSession session, SessionRebuild rebuild) {
        for (Replayed next = rebuild.poll(); next != null; next = rebuild.poll()) {
            session.replay(new Work(next.activation(), next.turn(), rebuild.entry(), false, next.firstRow()));
            plan.add(session);
        }
        String problem = rebuild.problem();
        if (problem != null) {
            decide(session, Code.DATA_LOSS, "the session could not be rebuilt: " + problem);
        } else if (rebuild.complete()) {
            session.rebuilt();
            plan.add(session);
        }
    }

    private void close(OwnedLane lane, LogRecord<LaneRecord> closed, LaneLedger.Entry entry) {
        ShardSession session = sessions.find(closed.value().getSessionId());
        if (session != null && session.lane() == lane) {
            free(session);
            lane.ended(session, entry);
        }
        if (lane.emits(closed.offset())) {
            output.closing(lane, entry, closed.value(), closed.headers());
        }
    }

    /**
     * Asks for the end of a session by this shard's own judgement, which others cannot derive from the log: so it takes effect
     * when the closing comes back, and until then the session goes on as if nothing were decided.
     */
    private void decide(ShardSession session, Code code, String message) {
        long now = System.nanoTime();
        if (session.decidedSince(now - DECIDED_AGAIN)) {
            return;
        }
        session.decide(now);
        LaneLedger.Entry entry = session.lane().ledger().enter();
        output.failure(session.lane(), entry, session.id(), session.headers(), code, message);
        entry.release();
    }

    /** A record makes it impossible to go on with a session, for whoever reads it: its closing belongs to that record. */
    private void stop(ShardSession session, LaneLedger.Entry entry, boolean emits, Code code, String message) {
        plan.remove(session);
        session.stick();
        if (emits) {
            output.failure(session.lane(), entry, session.id(), session.headers(), code, message);
        }
    }

    @Override
    public void hidden(Chunk chunk, MemorySegment states, List<LayerRouting> routing) {
        output.activation(
                chunk.session(),
                chunk.entry(),
                Activation.newBuilder()
                        .setFirstPosition(chunk.first())
                        .addAllTokenIds(chunk.tokenIds())
                        .setHiddenStates(StageOutput.bytesOf(states))
                        .addAllRouting(routing));
    }

    @Override
    public void prompt(Chunk chunk, FloatMatrix states) {
        if (chunk.session().stuck()) {
            return;
        }
        try {
            prompts.report(chunk, states);
        } catch (SessionRefusedException refused) {
            stop(chunk.session(), chunk.entry(), true, refused.code(), refused.problem());
        }
    }

    @Override
    public void routed(Chunk chunk, List<LayerRouting> routing) {
        if (!chunk.session().stuck()) {
            prompts.route(chunk, routing);
        }
    }

    @Override
    public void logits(Chunk chunk, MemorySegment logits, List<LayerRouting> routing) {
        ShardSession session = chunk.session();
        if (session.stuck()) {
            return;
        }
        try {
            sampling.sample(chunk, logits, routing);
        } catch (SessionRefusedException refused) {
            stop(session, chunk.entry(), true, refused.code(), refused.problem());
        }
    }

    @Override
    public void failed(Chunk chunk, SequenceException reason) {
        Code code =
                switch (reason) {
                    case ExpertsUnavailableException gone -> gone.retryable() ? Code.UNAVAILABLE : Code.INTERNAL;
                    case KeyValueExhaustedException _ -> Code.RESOURCE_EXHAUSTED;
                    case TokenIdException _ -> Code.INVALID_ARGUMENT;
                    default -> Code.INTERNAL;
                };
        String message = "stage %d: %s".formatted(model.range().index(), reason.getMessage());
        if (reason instanceof ExpertsUnavailableException) {
            // Whoever computes these positions again may find the experts, so this does not follow from the record.
            plan.remove(chunk.session());
            chunk.session().stick();
            decide(chunk.session(), code, message);
        } else {
            stop(chunk.session(), chunk.entry(), chunk.emits(), code, message);
        }
    }
}
