package io.tributary.decoder.protocol;

import io.tributary.decoder.protocol.Client.Phase;
import io.tributary.decoder.protocol.Entry.Kind;
import java.util.EnumSet;
import java.util.Set;

/** What must hold. Rules whose effects a deviation is to show are not checked beside it. */
final class Invariants {
    static final Set<Deviation> FENCING = EnumSet.of(
            Deviation.OPENINGS_NOT_FENCED,
            Deviation.VALUES_NOT_FENCED,
            Deviation.UPSTREAM_EPOCH_FORGOTTEN,
            Deviation.ONE_UPSTREAM_EPOCH_FOR_ALL_STAGES,
            Deviation.UPSTREAM_EPOCH_OF_LATEST_RECORD);
    private final Set<Deviation> deviations;
    private final Bounds bounds;
    private final Undisturbed undisturbed;

    Invariants(Set<Deviation> deviations, Bounds bounds, Undisturbed undisturbed) {
        this.deviations = deviations;
        this.bounds = bounds;
        this.undisturbed = undisturbed;
    }

    /** A reader drops exactly the records behind one of a higher epoch, however it comes to read them. */
    void fencing(Entry entry, boolean counted) {
        boolean decision = entry.kind() == Kind.FAILED || entry.kind() == Kind.FAILURE;
        boolean shown = (deviations.contains(Deviation.CLOSINGS_NOT_FENCED) && !decision)
                || deviations.stream().anyMatch(FENCING::contains);
        if (!shown && counted == entry.fenced()) {
            throw new ProtocolViolation(
                    (counted ? "a fenced record counted: " : "a record was dropped that counts: ") + entry);
        }
    }

    /** Tokens have the undisturbed run's values, again and again. */
    void token(Entry entry) {
        if (entry.value() != undisturbed.input(0, entry.session(), entry.position())) {
            throw new ProtocolViolation("a gateway accepted " + entry + " with contents of its own");
        }
    }

    /** A claim's epoch is new, and what it replays is there. */
    void claimable(ModelState state, int stage) {
        Committed position = state.committed().get(stage);
        for (int number = 2 * stage; number < 2 * stage + 2; number++) {
            if (state.shards().get(number).epoch() > position.epoch()) {
                throw new ProtocolViolation("two owners of stage " + stage + " in epoch " + (position.epoch() + 1));
            }
        }
        if (position.lowWater() < state.lanes().get(stage).base()) {
            throw new ProtocolViolation("a replay needs records that are deleted");
        }
    }

    /** Marks ascend, and the low-water mark leaves no session behind that is live at the high-water mark. */
    void committable(ModelState state, int number, Committed position) {
        int stage = number / 2;
        Committed before = state.committed().get(stage);
        if (position.lowWater() < before.lowWater() || position.epoch() < before.epoch()) {
            throw new ProtocolViolation("a commit goes back from " + before + " to " + position);
        }
        if (deviations.isEmpty()) {
            leavesNobodyBehind(state, number, position);
        }
    }

    private void leavesNobodyBehind(ModelState state, int number, Committed position) {
        int stage = number / 2;
        Lane lane = state.lanes().get(stage);
        ModelShard reader = new ModelShard(
                1,
                0,
                lane.base(),
                state.committed().get(stage).upstream(),
                java.util.List.of(),
                0,
                false,
                ModelShard.IDLE.appends());
        LaneWork replay = new LaneWork(deviations, bounds, undisturbed, stage, reader);
        for (int offset = lane.base(); offset < position.highWater(); offset++) {
            replay.take(lane.at(offset), offset, true);
        }
        int remembered = state.shards().get(number).closed();
        for (LaneSession session : replay.shard().sessions()) {
            boolean ghost = (remembered & (1 << session.number())) != 0;
            if (session.live() && !ghost && session.openedAt() < position.lowWater()) {
                throw new ProtocolViolation("session " + session.number() + " is live at " + position + " of stage "
                        + stage + " and was opened below");
            }
        }
    }

    /** When nothing is left to do, every stream has ended and nobody holds a session. */
    void atRest(ModelState state) {
        for (int session = 0; session < bounds.sessions(); session++) {
            Phase phase = state.clients().get(session).phase();
            boolean decided = state.decisionsLeft() < bounds.decisions();
            boolean ended = phase == Phase.COMPLETE || phase == Phase.CANCELLED || (phase == Phase.FAILED && decided);
            if (!ended) {
                throw new ProtocolViolation(
                        "nothing more happens, and the stream of session " + session + " is " + phase + " before token "
                                + state.clients().get(session).expected());
            }
        }
        for (int stage = 0; stage < 2; stage++) {
            for (LaneSession session : state.owner(stage).sessions()) {
                if (session.live()) {
                    throw new ProtocolViolation(
                            "nothing more happens, and stage " + stage + " holds session " + session.number());
                }
            }
        }
    }
}
