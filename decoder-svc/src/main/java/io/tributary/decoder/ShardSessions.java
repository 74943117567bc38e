package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.log.LogRecord;
import io.tributary.models.DecoderStage;
import io.tributary.models.SequenceState;
import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions on this shard, and the promise of pages for keys and values: a resident session has been promised all that its
 * turn may need, so it never runs out in the middle. Used by the shard's thread; the count may be read by others.
 */
final class ShardSessions {
    /** A session that has been silent for so long gives its pages to those that need them: it can be rebuilt from the log. */
    private static final Duration EVICTABLE_AFTER = Duration.ofSeconds(2);

    private final DecoderStage stage;
    private final StageModel model;
    private final Turns turns;
    private final int maximum;
    private final Map<String, ShardSession> byId = new LinkedHashMap<>();
    private volatile int count;

    ShardSessions(DecoderStage stage, StageModel model, Turns turns, int maximum) {
        this.stage = stage;
        this.model = model;
        this.turns = turns;
        this.maximum = maximum;
    }

    /** Number of sessions, evicted ones included. */
    int count() {
        return count;
    }

    /** Sessions that there is room for. */
    int freeSessions() {
        return Math.max(0, maximum - count);
    }

    /** Positions of new sessions that there is room for, that of silent sessions included. */
    long freePositions() {
        long silentSince = silentSince();
        long taken = byId.values().stream()
                .filter(session -> session.resident() && !session.evictableBefore(silentSince))
                .mapToLong(ShardSessions::pages)
                .sum();
        return Math.max(0, stage.keyValueUse().totalPages() - taken) * KeyValueLayout.PAGE_POSITIONS;
    }

    @Nullable
    ShardSession find(String id) {
        return byId.get(id);
    }

    /**
     * Opens the session of an opening record, which is not open yet.
     *
     * @param opening the point before the record
     * @param admitted whether it may have been admitted before: then it is not refused, but has to wait if there is no room
     * @throws SessionRefusedException if this shard cannot serve it
     */
    ShardSession open(LogRecord<LaneRecord> opened, OwnedLane lane, LaneMark opening, boolean admitted)
            throws SessionRefusedException {
        OpenSession request = opened.value().getOpen();
        checkModel(request);
        checkContinuation(request);
        Turn turn = turns.of(request, mostPositions(request));
        long pages = pages(turn);
        if (!admitted) {
            checkRoom(turn);
        }
        boolean room = makeRoom(pages);
        ShardSession session = new ShardSession(opened, lane, opening, state(request), turn, System.nanoTime());
        if (!room) {
            evict(session);
        }
        byId.put(session.id(), session);
        lane.opened(session);
        count = byId.size();
        return session;
    }

    /**
     * Begins the next turn of a session. If there is no room for it, the session waits until there is.
     *
     * @throws SessionRefusedException if the session cannot go on so
     */
    void proceed(ShardSession session, ContinueSession next) throws SessionRefusedException {
        Turn turn = turns.of(next, mostPositions(session.request()));
        if (!session.keepsOpen() || turn.promptLength() <= session.nextPosition()) {
            throw new SessionRefusedException(
                    Code.FAILED_PRECONDITION,
                    "a turn of a prompt up to position %d; the session %s and has %d positions"
                            .formatted(
                                    turn.promptLength(),
                                    session.keepsOpen() ? "keeps open" : "does not keep open",
                                    session.nextPosition()));
        }
        session.turn(turn, System.nanoTime());
        if (session.resident() && !makeRoom(0)) {
            evict(session);
        }
    }

    /**
     * The turn that a session began with.
     *
     * @throws SessionRefusedException if this shard cannot serve it any more
     */
    Turn firstTurn(ShardSession session) throws SessionRefusedException {
        return turns.of(session.request(), mostPositions(session.request()));
    }

    /** Whether an evicted session has room now; silent ones may be evicted for it. */
    boolean hasRoom(ShardSession session) {
        return makeRoom(pages(session));
    }

    private SequenceState state(OpenSession request) {
        return stage.open(mostPositions(request));
    }

    /** Positions that a session may ever have. */
    int mostPositions(OpenSession request) {
        long asked = request.getMaxPositions() != 0
                ? Integer.toUnsignedLong(request.getMaxPositions())
                : Integer.toUnsignedLong(request.getPromptLength()) + Integer.toUnsignedLong(request.getMaxTokens());
        return Math.clamp(asked, 1, model.architecture().contextLength());
    }

    /** Evicts silent sessions, those longest silent first, until so many pages are free beside what is promised. */
    private boolean makeRoom(long pages) {
        long silentSince = silentSince();
        while (promisedPages() + pages > stage.keyValueUse().totalPages()) {
            ShardSession silent = byId.values().stream()
                    .filter(session -> session.evictableBefore(silentSince))
                    .min(Comparator.comparingLong(ShardSession::lastRecordNanos))
                    .orElse(null);
            if (silent == null) {
                return false;
            }
            evict(silent);
        }
        return true;
    }

    private void evict(ShardSession session) {
        session.evict(state(session.request()));
    }

    private long promisedPages() {
        return byId.values().stream()
                .filter(session -> session.resident() || session.rebuild() != null)
                .mapToLong(ShardSessions::pages)
                .sum();
    }

    private static long silentSince() {
        return System.nanoTime() - EVICTABLE_AFTER.toNanos();
    }

    private static long pages(ShardSession session) {
        return pages(session.turn());
    }

    private static long pages(Turn turn) {
        return Math.ceilDiv(turn.endPosition(), KeyValueLayout.PAGE_POSITIONS);
    }

    private void checkModel(OpenSession opening) throws SessionRefusedException {
        if (!opening.getModelFingerprint().equals(model.fingerprint())) {
            throw new SessionRefusedException(
                    Code.FAILED_PRECONDITION,
                    "the session is for the checkpoint %s; stage %d of %s serves %s"
                            .formatted(
                                    opening.getModelFingerprint(),
                                    model.range().index(),
                                    model.name(),
                                    model.fingerprint()));
        }
    }

    private void checkContinuation(OpenSession opening) throws SessionRefusedException {
        if (model.architecture().routesWholeSequences() && (opening.getMaxTokens() != 1 || opening.getKeepsOpen())) {
            throw new SessionRefusedException(
                    Code.FAILED_PRECONDITION,
                    "%s chooses experts for all tokens of a sequence at once, so no text can be continued token by token"
                            .formatted(model.name()));
        }
    }

    private void checkRoom(Turn turn) throws SessionRefusedException {
        if (byId.size() >= maximum) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "stage %d has %d sessions, as many as it takes"
                            .formatted(model.range().index(), maximum));
        }
        if (!makeRoom(pages(turn))) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "stage %d has keys and values for %d more positions; a prompt and its tokens need %d"
                            .formatted(model.range().index(), freePositions(), turn.endPosition()));
        }
    }

    /** All sessions, in the order in which they were opened. */
    List<ShardSession> all() {
        return List.copyOf(byId.values());
    }

    /** Frees a session's state. */
    void free(ShardSession session) {
        byId.remove(session.id());
        count = byId.size();
        session.dropWork();
        session.state().close();
    }
}
