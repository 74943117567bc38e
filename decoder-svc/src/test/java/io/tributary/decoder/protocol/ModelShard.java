package io.tributary.decoder.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * A replica of a stage.
 *
 * @param epoch in which it holds the lane for its own; 0 if it does not
 * @param emitFrom it emits what comes of records from here on
 * @param next offset of the next record
 * @param known the highest epochs that it has seen in the lane
 * @param sessions live ones, and those closed at or behind the high-water mark
 * @param closed bit set of sessions that it remembers as closed
 * @param broken whether an append failed for good
 * @param appends outstanding ones for the lanes of stage 0 and 1 and for the gateways, oldest first
 */
record ModelShard(
        int epoch,
        int emitFrom,
        int next,
        Epochs known,
        List<LaneSession> sessions,
        int closed,
        boolean broken,
        List<List<Append>> appends) {
    static final int GATEWAYS = 2;
    static final ModelShard IDLE = idle(List.of(List.of(), List.of(), List.of()));
    static final ModelShard FIRST_OWNER = new ModelShard(1, 0, 0, Epochs.NONE, List.of(), 0, false, IDLE.appends());

    /** A shard without the lane whose producer still has these appends. */
    static ModelShard idle(List<List<Append>> appends) {
        List<List<Append>> left = new ArrayList<>();
        for (List<Append> topic : appends) {
            List<Append> causeless = new ArrayList<>(topic.size());
            topic.forEach(append -> causeless.add(new Append(append.entry(), Append.NO_RECORD)));
            left.add(causeless);
        }
        return new ModelShard(0, 0, 0, Epochs.NONE, List.of(), 0, false, left);
    }

    boolean holds() {
        return epoch > 0;
    }

    boolean quiet() {
        return appends.stream().allMatch(List::isEmpty);
    }

    /** The oldest record whose effects are not all in the log. */
    int highWater() {
        int oldest = next;
        for (List<Append> topic : appends) {
            for (Append append : topic) {
                if (append.cause() != Append.NO_RECORD) {
                    oldest = Math.min(oldest, append.cause());
                }
            }
        }
        return oldest;
    }

    /** The oldest opening of a session that is live at the high-water mark, or else the mark. */
    int lowWater(int highWater, boolean liveNow) {
        int oldest = highWater;
        for (LaneSession session : sessions) {
            if (session.live() || (!liveNow && session.closedAt() >= highWater)) {
                oldest = Math.min(oldest, session.openedAt());
            }
        }
        return oldest;
    }

    /** Without the sessions that the high-water mark has left behind. */
    ModelShard pruned() {
        int highWater = highWater();
        List<LaneSession> left = new ArrayList<>(sessions.size());
        for (LaneSession session : sessions) {
            if (session.live() || session.closedAt() >= highWater) {
                left.add(session);
            }
        }
        return left.size() == sessions.size()
                ? this
                : new ModelShard(epoch, emitFrom, next, known, left, closed, broken, appends);
    }

    /** A shard that was replaced: it commits nothing any more, so what it would commit does not matter. */
    ModelShard replaced() {
        List<LaneSession> live = sessions.stream().filter(LaneSession::live).toList();
        return new ModelShard(
                epoch,
                emitFrom,
                next,
                known,
                live,
                closed,
                broken,
                idle(appends).appends());
    }

    ModelShard withoutOldestAppend(int topic, boolean failed) {
        List<List<Append>> left = new ArrayList<>(appends);
        left.set(topic, appends.get(topic).subList(1, appends.get(topic).size()));
        return new ModelShard(epoch, emitFrom, next, known, sessions, closed, broken || (failed && holds()), left);
    }
}
