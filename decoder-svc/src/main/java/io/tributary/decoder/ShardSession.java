package io.tributary.decoder;

import io.tributary.log.LogRecord;
import io.tributary.models.SequenceState;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session on this shard. Its keys and values may be evicted: then it is not resident, and is rebuilt from the log before it
 * goes on. Used by the shard's thread only.
 */
final class ShardSession {
    private static final Deque<Work> NO_WORK = new ArrayDeque<>(0);

    private final String id;
    private final OwnedLane lane;
    private final LaneMark opening;
    private Map<String, String> headers;
    private final OpenSession request;
    private final long openedNanos;
    private final SessionText text = new SessionText();
    private final Deque<Work> work = new ArrayDeque<>();
    private final Deque<Work> replay = new ArrayDeque<>();
    private SequenceState state;
    private Turn turn;
    private boolean resident = true;
    private @Nullable SessionRebuild rebuild;
    private int waitingRows;
    private int nextPosition;
    private long lastRecordNanos;
    private long gapSinceNanos;
    private boolean gap;
    private boolean finished;
    private boolean stuck;
    private boolean decided;
    private long decidedNanos;

    /** @param opening the point before the opening record: where a replay of the session begins */
    ShardSession(
            LogRecord<LaneRecord> opened, OwnedLane lane, LaneMark opening, SequenceState state, Turn turn, long now) {
        this.id = opened.value().getSessionId();
        this.lane = lane;
        this.opening = opening;
        this.headers = opened.headers();
        this.request = opened.value().getOpen();
        this.openedNanos = now;
        this.state = state;
        this.turn = turn;
        this.lastRecordNanos = now;
    }

    String id() {
        return id;
    }

    OwnedLane lane() {
        return lane;
    }

    /** The point before the record that opened the session: where a replay of it begins. */
    LaneMark opening() {
        return opening;
    }

    /** When this shard opened it, by {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    /** What the session was opened with. */
    OpenSession request() {
        return request;
    }

    /** Trace context that travels with every record of the turn. */
    Map<String, String> headers() {
        return headers;
    }

    /** The next turn has been asked for by another call, whose trace it belongs to. */
    void headers(Map<String, String> ofTurn) {
        headers = ofTurn;
    }

    SequenceState state() {
        return state;
    }

    /** What the last stage knows of it besides keys and values. */
    SessionText text() {
        return text;
    }

    /** The turn that its next records belong to. */
    Turn turn() {
        return turn;
    }

    /** Begins the next turn. */
    void turn(Turn next, long now) {
        turn = next;
        finished = false;
        lastRecordNanos = now;
    }

    /** Whether it stays when a turn has ended. */
    boolean keepsOpen() {
        return request.getKeepsOpen();
    }

    /** Whether somebody waits for each of its tokens. */
    boolean interactive() {
        return request.getPriority() != Priority.PRIORITY_BATCH;
    }

    /** The position that is expected next; whatever comes for those before it is a duplicate. */
    int nextPosition() {
        return nextPosition;
    }

    /** Takes in the activation from its row on that has the next position. */
    void accept(Activation activation, LaneLedger.Entry entry, boolean emits, long now) {
        Work added = new Work(activation, turn, entry, emits, nextPosition - activation.getFirstPosition());
        nextPosition = activation.getFirstPosition() + activation.getTokenIdsCount();
        lastRecordNanos = now;
        gap = false;
        if (!resident && !emits) {
            // It will be read from the log again, with all before it.
            added.end();
            return;
        }
        work.add(added);
        waitingRows += added.rows();
    }

    /** What is to be computed next, if something can be: of a session that is being rebuilt, what comes of the log. */
    @Nullable
    Work nextWork() {
        Work next = computable().peek();
        return next != null && next.ready() ? next : null;
    }

    /** All that can be computed now, the oldest first. */
    List<Work> readyWork() {
        return computable().stream().takeWhile(Work::ready).toList();
    }

    /** What has the keys and values that it needs. */
    private Deque<Work> computable() {
        if (!replay.isEmpty()) {
            return replay;
        }
        return resident ? work : NO_WORK;
    }

    /** Whether something waits for the grammar of its turn. */
    boolean awaitsGrammar() {
        Work next = computable().peek();
        return next != null && !next.ready();
    }

    /** Whether records wait that need the keys and values. */
    boolean hasWork() {
        return !work.isEmpty();
    }

    /** Positions that are to be computed. */
    int waitingRows() {
        return waitingRows;
    }

    /** So many rows of the next work have gone into a pass. */
    void taken(int rows) {
        waitingRows -= rows;
        Deque<Work> source = replay.isEmpty() ? work : replay;
        if (source.element().rows() == 0) {
            source.remove();
        }
    }

    /** Forgets what is to be computed. */
    void dropWork() {
        work.forEach(Work::end);
        work.clear();
        replay.forEach(Work::end);
        replay.clear();
        waitingRows = 0;
        stopRebuild();
    }

    /** Whether its keys and values are here, as far as they have been computed. */
    boolean resident() {
        return resident;
    }

    /** Whether its keys and values may go: nothing has been heard of it since that time. */
    boolean evictableBefore(long nanos) {
        return resident && work.isEmpty() && replay.isEmpty() && lastRecordNanos - nanos < 0;
    }

    /**
     * Gives the keys and values up.
     *
     * @param empty takes their place
     */
    void evict(SequenceState empty) {
        state.close();
        state = empty;
        resident = false;
    }

    /** Where a rebuild must have come before what waits can be computed. */
    int rebuildTarget() {
        Work first = work.peek();
        return first == null ? nextPosition : first.nextPosition();
    }

    /** The rebuild under way. */
    @Nullable
    SessionRebuild rebuild() {
        return rebuild;
    }

    void rebuild(SessionRebuild started) {
        rebuild = started;
    }

    /** Takes what the log has brought of a rebuild. */
    void replay(Work added) {
        replay.add(added);
        waitingRows += added.rows();
    }

    /** Everything that a rebuild needs has come. */
    void rebuilt() {
        stopRebuild();
        resident = true;
    }

    private void stopRebuild() {
        SessionRebuild current = rebuild;
        if (current != null) {
            current.close();
            rebuild = null;
        }
    }

    /** Whether the next thing to do is the one position of a token that was just generated, for which somebody waits. */
    boolean decodes() {
        Work next = nextWork();
        return next != null
                && next.emits()
                && next.rows() == 1
                && next.nextPosition() >= next.turn().promptLength();
    }

    /** A record begins behind the next position: those between are missing. */
    void missPositions(long now) {
        if (!gap) {
            gap = true;
            gapSinceNanos = now;
        }
    }

    /** Whether positions have been missing since before that time. */
    boolean gapSinceBefore(long nanos) {
        return gap && gapSinceNanos - nanos < 0;
    }

    /** Leaves time out of account in which the shard itself stood still. */
    void forgive(long nanos) {
        lastRecordNanos += nanos;
        gapSinceNanos += nanos;
    }

    long lastRecordNanos() {
        return lastRecordNanos;
    }

    /** Whether no activation is taken any more: the last token of the turn has been sampled, or it cannot go on. */
    boolean finished() {
        return finished || stuck;
    }

    /** Whether it cannot go on. */
    boolean stuck() {
        return stuck;
    }

    /** It cannot go on: nothing more is computed until its closing comes. */
    void stick() {
        stuck = true;
        dropWork();
    }

    /** Whether this shard has asked for the session's end since that time, which takes effect when the closing comes. */
    boolean decidedSince(long nanos) {
        return decided && decidedNanos - nanos >= 0;
    }

    void decide(long now) {
        decided = true;
        decidedNanos = now;
    }

    /** The last token of a turn has been sampled; a replay may have read the beginning of the next turn already. */
    void finish(Turn ended) {
        finished |= ended.equals(turn);
    }
}
