package io.tributary.decoder.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Forgets what can make no difference any more once no fault is left and nobody will claim a lane again, so that states
 * that differ in nothing else are explored once.
 */
final class Settling {
    private final boolean fenced;
    private final boolean readsOn;

    Settling(Set<Deviation> deviations) {
        this.readsOn = deviations.contains(Deviation.READS_ON_BEHIND_DELETED_RECORDS);
        this.fenced = deviations.stream().noneMatch(Invariants.FENCING::contains)
                && !deviations.contains(Deviation.CLOSINGS_NOT_FENCED)
                && !deviations.contains(Deviation.GATEWAYS_DO_NOT_FENCE);
    }

    ModelState settle(ModelState state) {
        if (readsOn
                || state.faultsLeft() > 0
                || state.decisionsLeft() > 0
                || !settled(state, 0)
                || !settled(state, 1)) {
            return state;
        }
        ModelState settled = state;
        for (int stage = 0; stage < 2; stage++) {
            settled = settle(settled, stage);
        }
        return settled;
    }

    private static boolean settled(ModelState state, int stage) {
        return state.owns(2 * stage) && !state.owner(stage).broken();
    }

    private ModelState settle(ModelState state, int stage) {
        Lane lane = state.lanes().get(stage);
        ModelShard owner = state.owner(stage);
        ModelShard other = state.shards().get(2 * stage + 1);
        boolean unheard = fenced && other.epoch() < reached(state, stage);
        if (other.holds() && (other.next() < lane.base() || other.broken() || unheard)) {
            other = ModelShard.idle(other.appends());
        }
        int base = other.holds() ? Math.min(owner.next(), other.next()) : owner.next();
        Lane shorter =
                new Lane(0, lane.kept().subList(base - lane.base(), lane.kept().size()), lane.seen());
        return state.withSettled(
                stage, shorter, List.of(settle(state, stage, owner, base), settle(state, stage, other, base)));
    }

    private ModelShard settle(ModelState state, int stage, ModelShard shard, int base) {
        List<LaneSession> live = new ArrayList<>();
        for (LaneSession session : shard.sessions()) {
            if (session.live()) {
                live.add(new LaneSession(
                        session.number(), 0, session.next(), session.digest(), session.finished(), LaneSession.LIVE));
            }
        }
        List<List<Append>> appends = new ArrayList<>();
        for (int topic = 0; topic < shard.appends().size(); topic++) {
            appends.add(counting(state, stage, topic, shard.appends().get(topic)));
        }
        return new ModelShard(
                shard.epoch(),
                Math.max(0, shard.emitFrom() - base),
                shard.holds() ? shard.next() - base : 0,
                shard.known(),
                live,
                shard.closed(),
                shard.broken(),
                appends);
    }

    private List<Append> counting(ModelState state, int stage, int topic, List<Append> appends) {
        List<Append> left = new ArrayList<>();
        for (Append append : appends) {
            if (!fenced || append.entry().epoch() >= seen(state, topic).of(stage)) {
                left.add(new Append(append.entry(), Append.NO_RECORD));
            }
        }
        return left;
    }

    /** The lowest of the epochs of a stage that have reached the topics that it writes to. */
    private static int reached(ModelState state, int stage) {
        int next = seen(state, 1 - stage).of(stage);
        return stage == 0 ? next : Math.min(next, state.tokensSeen().of(stage));
    }

    private static Epochs seen(ModelState state, int topic) {
        return topic == ModelShard.GATEWAYS
                ? state.tokensSeen()
                : state.lanes().get(topic).seen();
    }
}
