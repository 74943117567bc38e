package io.tributary.decoder.protocol;

import io.tributary.decoder.protocol.Entry.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a shard makes of records: its next state and its appends. */
final class LaneWork {
    private static final int LAST = 1;
    private final Set<Deviation> deviations;
    private final Bounds bounds;
    private final Undisturbed undisturbed;
    private final int stage;
    private final ModelShard before;
    private final List<LaneSession> sessions;
    private final List<List<Append>> appends = new ArrayList<>();
    private Epochs known;
    private int closed;
    private int next;
    private boolean silent;

    LaneWork(Set<Deviation> deviations, Bounds bounds, Undisturbed undisturbed, int stage, ModelShard shard) {
        this.deviations = deviations;
        this.bounds = bounds;
        this.undisturbed = undisturbed;
        this.stage = stage;
        this.before = shard;
        this.sessions = new ArrayList<>(shard.sessions());
        shard.appends().forEach(topic -> appends.add(new ArrayList<>(topic)));
        this.known = shard.known();
        this.closed = shard.closed();
        this.next = shard.next();
    }

    ModelShard shard() {
        return new ModelShard(
                        before.epoch(), before.emitFrom(), next, known, sessions, closed, before.broken(), appends)
                .pruned();
    }

    /**
     * Takes in a record.
     *
     * @param replay whether it only changes the state
     * @return whether the record counted, or was dropped as that of an owner that was replaced
     */
    boolean take(Entry entry, int offset, boolean replay) {
        silent = replay;
        next = offset + 1;
        if (known.fences(entry) && !Fencing.spares(deviations, entry.kind())) {
            return false;
        }
        known = known.with(entry);
        switch (entry.kind()) {
            case OPENING -> open(entry, offset);
            case ACTIVATION -> activate(entry, offset);
            case FINISHED, CANCELLED, FAILED -> close(entry, offset);
            case OWNERSHIP -> {}
            case TOKEN, LAST_TOKEN, FAILURE -> throw new IllegalStateException(entry + " in a lane of a stage");
        }
        return true;
    }

    /** Ends a session by the shard's own judgement. */
    void fail(int session) {
        silent = false;
        end(session, Append.NO_RECORD);
    }

    /** Tells readers of the new owner. */
    void announce() {
        silent = false;
        Entry ownership = Entry.ofGateway(Kind.OWNERSHIP, 0, 0, 0);
        append(1 - stage, ownership, Append.NO_RECORD);
        if (stage == LAST || deviations.contains(Deviation.FAILURES_STRAIGHT_TO_GATEWAYS)) {
            append(ModelShard.GATEWAYS, ownership, Append.NO_RECORD);
        }
        if (stage != LAST && writesToStage0()) {
            append(0, ownership, Append.NO_RECORD);
        }
    }

    /** Stage 0 writes to its own lane only what it decides, so without decisions nobody would miss its announcement. */
    private boolean writesToStage0() {
        boolean decides = bounds.decisions() > 0
                || deviations.contains(Deviation.GAPS_FAIL_SESSIONS)
                || deviations.contains(Deviation.ONE_UPSTREAM_EPOCH_FOR_ALL_STAGES);
        return decides && !deviations.contains(Deviation.OWNERSHIP_TO_NEXT_STAGE_ONLY);
    }

    private void open(Entry entry, int offset) {
        boolean remembered =
                (closed & (1 << entry.session())) != 0 && !deviations.contains(Deviation.CLOSED_SESSIONS_FORGOTTEN);
        if (remembered || indexOf(entry.session()) >= 0) {
            return;
        }
        sessions.add(LaneSession.opened(entry.session(), offset));
        if (stage != LAST) {
            append(1, entry, offset);
        }
    }

    private void activate(Entry entry, int offset) {
        int index = indexOf(entry.session());
        if (index < 0) {
            return;
        }
        if (entry.value() != undisturbed.input(stage, entry.session(), entry.position())) {
            throw new ProtocolViolation("stage " + stage + " accepted " + entry + " with contents of its own");
        }
        LaneSession session = sessions.get(index);
        if (session.finished() || entry.position() < session.next()) {
            return;
        }
        if (entry.position() == session.next() || deviations.contains(Deviation.GAPS_ACCEPTED)) {
            advance(index, entry, offset);
        } else if (deviations.contains(Deviation.GAPS_FAIL_SESSIONS)) {
            end(entry.session(), offset);
        }
    }

    private void advance(int index, Entry entry, int offset) {
        LaneSession session = sessions.get(index);
        int digest = Undisturbed.state(session.digest(), entry.value());
        int position = entry.position();
        boolean last = stage == LAST && position == bounds.endPosition() - 2;
        sessions.set(index, session.advanced(position, digest, last));
        int output = Undisturbed.output(stage, digest);
        if (stage != LAST) {
            append(1, Entry.ofGateway(Kind.ACTIVATION, entry.session(), position, output), offset);
        } else if (position >= bounds.promptLength() - 1) {
            token(entry.session(), position + 1, output, last, offset);
        }
    }

    private void token(int session, int position, int value, boolean last, int offset) {
        Kind kind = last ? Kind.LAST_TOKEN : Kind.TOKEN;
        append(ModelShard.GATEWAYS, Entry.ofGateway(kind, session, position, value), offset);
        Entry onward = last
                ? Entry.ofGateway(Kind.FINISHED, session, 0, 0)
                : Entry.ofGateway(Kind.ACTIVATION, session, position, value);
        append(0, onward, offset);
    }

    private void close(Entry entry, int offset) {
        boolean found = free(entry.session(), offset);
        if (!found && deviations.contains(Deviation.CLOSINGS_OF_UNKNOWN_SESSIONS_DROPPED)) {
            return;
        }
        boolean failed = entry.kind() == Kind.FAILED;
        if (stage == LAST && failed && !deviations.contains(Deviation.FAILURES_STRAIGHT_TO_GATEWAYS)) {
            append(ModelShard.GATEWAYS, Entry.ofGateway(Kind.FAILURE, entry.session(), 0, 0), offset);
        }
        boolean round = failed && deviations.contains(Deviation.FAILURES_TO_NEXT_STAGE);
        if (stage != (round ? entry.position() : LAST)) {
            append(1 - stage, entry, offset);
        }
    }

    private void end(int session, int cause) {
        if (deviations.contains(Deviation.FAILURES_STRAIGHT_TO_GATEWAYS)) {
            append(ModelShard.GATEWAYS, Entry.ofGateway(Kind.FAILURE, session, 0, 0), cause);
        }
        int topic = deviations.contains(Deviation.FAILURES_TO_NEXT_STAGE) ? 1 - stage : 0;
        append(topic, Entry.ofGateway(Kind.FAILED, session, stage, 0), cause);
        if (deviations.contains(Deviation.FREES_BEFORE_CLOSING)) {
            sessions.remove(indexOf(session));
            closed |= 1 << session;
        }
    }

    private boolean free(int session, int offset) {
        closed |= deviations.contains(Deviation.CLOSED_SESSIONS_FORGOTTEN) ? 0 : 1 << session;
        int index = indexOf(session);
        if (index >= 0) {
            sessions.set(index, sessions.get(index).closed(offset));
        }
        return index >= 0;
    }

    private void append(int topic, Entry entry, int cause) {
        if (!silent) {
            appends.get(topic).add(new Append(entry.by(stage, before.epoch()), cause));
        }
    }

    private int indexOf(int session) {
        for (int index = 0; index < sessions.size(); index++) {
            if (sessions.get(index).number() == session && sessions.get(index).live()) {
                return index;
            }
        }
        return -1;
    }
}
