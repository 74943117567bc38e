package io.tributary.decoder.protocol;

import io.tributary.decoder.protocol.Client.Phase;
import io.tributary.decoder.protocol.Entry.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can happen in a state, and what comes of it. */
final class Transitions {
    private static final int LONGEST_LANE = 64;
    private final Set<Deviation> deviations;
    private final Bounds bounds;
    private final Undisturbed undisturbed;
    private final Invariants invariants;
    private final Settling settling;

    Transitions(Set<Deviation> deviations, Bounds bounds) {
        this.deviations = deviations;
        this.bounds = bounds;
        this.undisturbed = new Undisturbed(bounds);
        this.settling = new Settling(deviations);
        this.invariants = new Invariants(deviations, bounds, undisturbed);
    }

    /**
     * All that can happen next, but for what can as well happen later. An action that commutes with everything that
     * others can still do is explored alone.
     */
    List<Action> enabled(ModelState state) {
        boolean calm = state.faultsLeft() == 0 && state.decisionsLeft() == 0;
        if (calm) {
            Action alone = alone(state);
            if (alone != null) {
                return List.of(alone);
            }
        }
        List<Action> actions = new ArrayList<>();
        for (int session = 0; session < bounds.sessions(); session++) {
            Phase phase = state.clients().get(session).phase();
            if (phase == Phase.WAITING) {
                actions.add(new Action(Action.Kind.OPEN, session, 0));
            } else if (phase == Phase.STREAMING && bounds.cancellations()) {
                actions.add(new Action(Action.Kind.CANCEL, session, 0));
            }
        }
        for (int shard = 0; shard < state.shards().size(); shard++) {
            addProgress(actions, state, shard);
            if (state.faultsLeft() > 0) {
                addFaults(actions, state, shard);
            }
            if (state.decisionsLeft() > 0) {
                addDecisions(actions, state.shards().get(shard), shard);
            }
        }
        return actions;
    }

    private @Nullable Action alone(ModelState state) {
        for (int stage = 0; stage < 2; stage++) {
            ModelShard owner = state.owner(stage);
            ModelShard other = state.shards().get(2 * stage + 1);
            if (claims(state, stage) && (owner.broken() || !owner.holds())) {
                return new Action(Action.Kind.CLAIM, stage, 0);
            }
            if (state.owns(2 * stage) && reads(state, 2 * stage)) {
                return new Action(Action.Kind.STEP, 2 * stage, 0);
            }
            boolean onlyWriter = stage == 0 && !other.holds() && other.quiet();
            if (onlyWriter && !owner.appends().get(1).isEmpty()) {
                return new Action(Action.Kind.TAKE, 0, 1);
            }
        }
        return null;
    }

    private static boolean claims(ModelState state, int stage) {
        return !state.owns(2 * stage) || state.owner(stage).broken();
    }

    private boolean reads(ModelState state, int number) {
        ModelShard shard = state.shards().get(number);
        Lane lane = state.lanes().get(number / 2);
        boolean readsOn = deviations.contains(Deviation.READS_ON_BEHIND_DELETED_RECORDS);
        boolean kept = shard.next() >= lane.base() || readsOn;
        return shard.holds() && !shard.broken() && kept && Math.max(shard.next(), lane.base()) < lane.end();
    }

    private void addProgress(List<Action> actions, ModelState state, int number) {
        ModelShard shard = state.shards().get(number);
        int stage = number / 2;
        if (number % 2 == 0 && claims(state, stage)) {
            actions.add(new Action(Action.Kind.CLAIM, stage, 0));
        }
        if (reads(state, number)) {
            actions.add(new Action(Action.Kind.STEP, number, 0));
        }
        for (int topic = 0; topic < shard.appends().size(); topic++) {
            if (!shard.appends().get(topic).isEmpty()) {
                actions.add(new Action(Action.Kind.TAKE, number, topic));
            }
        }
        if (commits(state, number)
                && !positionOf(state, number).equals(state.committed().get(stage))) {
            actions.add(new Action(Action.Kind.COMMIT, stage, number % 2));
        }
    }

    /** Whether a commit can make a difference: somebody may still claim the lane. */
    private boolean commits(ModelState state, int number) {
        ModelShard shard = state.shards().get(number);
        boolean replaced = shard.holds() && deviations.contains(Deviation.REPLACED_OWNERS_COMMIT);
        boolean claimedLater = state.faultsLeft() > 0 || claims(state, number / 2);
        return (state.owns(number) || replaced) && !shard.broken() && claimedLater;
    }

    private static void addFaults(List<Action> actions, ModelState state, int number) {
        ModelShard shard = state.shards().get(number);
        boolean assigned = number % 2 == 0;
        if (state.owns(number)) {
            actions.add(new Action(Action.Kind.LOSE, number / 2, 0));
            if (!shard.broken()) {
                actions.add(new Action(Action.Kind.HAND_OVER, number / 2, 0));
            }
        }
        if (assigned && (shard.holds() || !shard.quiet())) {
            actions.add(new Action(Action.Kind.CRASH, number, 0));
        }
        for (int topic = 0; topic < shard.appends().size(); topic++) {
            if (!shard.appends().get(topic).isEmpty()) {
                actions.add(new Action(Action.Kind.FAIL_LOST, number, topic));
                if (assigned) {
                    actions.add(new Action(Action.Kind.FAIL_STORED, number, topic));
                }
            }
        }
    }

    private static void addDecisions(List<Action> actions, ModelShard shard, int number) {
        for (LaneSession session : shard.sessions()) {
            if (session.live() && !shard.broken()) {
                actions.add(new Action(Action.Kind.DECIDE, number, session.number()));
            }
        }
    }

    /**
     * What comes of an action.
     *
     * @throws ProtocolViolation if an invariant does not survive it
     */
    ModelState apply(ModelState state, Action action) {
        int subject = action.subject();
        int detail = action.detail();
        return settling.settle(
                switch (action.kind()) {
                    case OPEN -> open(state, subject);
                    case CANCEL -> cancel(state, subject);
                    case CLAIM -> claim(state, subject);
                    case STEP -> step(state, subject);
                    case TAKE -> take(state, subject, detail, false);
                    case COMMIT -> commit(state, 2 * subject + detail);
                    case HAND_OVER -> reassign(dropped(commit(state, 2 * subject), 2 * subject), subject);
                    case LOSE -> reassign(state, subject);
                    case CRASH -> state.withShard(subject, ModelShard.IDLE).withOneFaultLess();
                    case FAIL_LOST -> failAppend(state, subject, detail).withOneFaultLess();
                    case FAIL_STORED -> take(state, subject, detail, true).withOneFaultLess();
                    case DECIDE -> decide(state, subject, detail).withOneDecisionLess();
                });
    }

    private ModelState open(ModelState state, int session) {
        Lane lane = state.lanes().get(0).append(Entry.ofGateway(Kind.OPENING, session, 0, 0));
        for (int position = 0; position < bounds.promptLength(); position++) {
            int value = Undisturbed.promptValue(session, position);
            lane = lane.append(Entry.ofGateway(Kind.ACTIVATION, session, position, value));
        }
        Client client = new Client(Phase.STREAMING, bounds.promptLength(), state.tokensSeen());
        return state.withLane(0, lane).withClient(session, client);
    }

    private static ModelState cancel(ModelState state, int session) {
        Lane lane = state.lanes().get(0).append(Entry.ofGateway(Kind.CANCELLED, session, 0, 0));
        Client client = state.clients().get(session);
        return state.withLane(0, lane).withClient(session, new Client(Phase.CANCELLED, client.expected(), Epochs.NONE));
    }

    private ModelState claim(ModelState state, int stage) {
        Committed position = state.committed().get(stage);
        Lane lane = state.lanes().get(stage);
        invariants.claimable(state, stage);
        int emitFrom = deviations.contains(Deviation.OLD_RECORDS_ONLY_REPLAYED) ? lane.end() : 0;
        int epoch = position.epoch() + 1;
        Epochs known = upstreamOf(position);
        ModelShard fresh = new ModelShard(
                epoch,
                emitFrom,
                position.lowWater(),
                known,
                List.of(),
                0,
                false,
                ModelShard.idle(state.owner(stage).appends()).appends());
        LaneWork work = new LaneWork(deviations, bounds, undisturbed, stage, fresh);
        if (!deviations.contains(Deviation.NO_OWNERSHIP_RECORDS)) {
            work.announce();
        }
        for (int offset = position.lowWater(); offset < position.highWater(); offset++) {
            Entry entry = lane.at(offset);
            invariants.fencing(entry, work.take(entry, offset, true));
        }
        ModelState claimed = state.withShard(2 * stage, work.shard());
        return claimed.withCommitted(
                stage, new Committed(position.highWater(), position.lowWater(), epoch, position.upstream()));
    }

    private Epochs upstreamOf(Committed position) {
        if (deviations.contains(Deviation.UPSTREAM_EPOCH_FORGOTTEN)) {
            return Epochs.NONE;
        }
        Epochs upstream = position.upstream();
        int highest = Math.max(upstream.first(), upstream.last());
        return deviations.contains(Deviation.ONE_UPSTREAM_EPOCH_FOR_ALL_STAGES)
                ? new Epochs(highest, highest)
                : upstream;
    }

    private ModelState step(ModelState state, int number) {
        int stage = number / 2;
        ModelShard shard = state.shards().get(number);
        Lane lane = state.lanes().get(stage);
        int offset = Math.max(shard.next(), lane.base());
        Entry entry = lane.at(offset);
        LaneWork work = new LaneWork(deviations, bounds, undisturbed, stage, shard);
        invariants.fencing(entry, work.take(entry, offset, offset < shard.emitFrom()));
        return state.withShard(number, keep(number, work.shard()));
    }

    private ModelState decide(ModelState state, int number, int session) {
        LaneWork work = new LaneWork(
                deviations, bounds, undisturbed, number / 2, state.shards().get(number));
        work.fail(session);
        return state.withShard(number, keep(number, work.shard()));
    }

    private ModelShard keep(int number, ModelShard shard) {
        boolean commits = number % 2 == 0 || deviations.contains(Deviation.REPLACED_OWNERS_COMMIT);
        return commits ? shard : shard.replaced();
    }

    private ModelState take(ModelState state, int number, int topic, boolean failed) {
        ModelShard shard = state.shards().get(number);
        Entry entry = shard.appends().get(topic).getFirst().entry();
        ModelState acknowledged =
                state.withShard(number, shard.withoutOldestAppend(topic, failed).pruned());
        if (topic == ModelShard.GATEWAYS) {
            return publish(acknowledged, entry);
        }
        Lane lane = state.lanes().get(topic).append(entry);
        if (lane.end() > LONGEST_LANE) {
            throw new ProtocolViolation("records go round for ever");
        }
        return acknowledged.withLane(topic, lane);
    }

    private static ModelState failAppend(ModelState state, int number, int topic) {
        return state.withShard(number, state.shards().get(number).withoutOldestAppend(topic, true));
    }

    private ModelState publish(ModelState state, Entry appended) {
        Entry entry = appended.asFenced(state.tokensSeen().fences(appended));
        List<Client> readers = new ArrayList<>(state.clients());
        for (int session = 0; session < bounds.sessions(); session++) {
            Client client = readers.get(session);
            if (client.phase() == Phase.STREAMING) {
                readers.set(session, read(client, session, entry));
            }
        }
        return state.withTokens(state.tokensSeen().with(entry), readers);
    }

    private Client read(Client client, int session, Entry entry) {
        boolean fences =
                !deviations.contains(Deviation.GATEWAYS_DO_NOT_FENCE) && !Fencing.spares(deviations, entry.kind());
        boolean dropped = fences && client.known().fences(entry);
        if (fences) {
            invariants.fencing(entry, !dropped);
        }
        if (dropped) {
            return client;
        }
        Client seen =
                new Client(client.phase(), client.expected(), client.known().with(entry));
        if (entry.kind() == Kind.OWNERSHIP || entry.session() != session) {
            return seen;
        }
        if (entry.kind() == Kind.FAILURE) {
            return new Client(Phase.FAILED, client.expected(), Epochs.NONE);
        }
        invariants.token(entry);
        if (entry.position() != client.expected()) {
            return seen;
        }
        return entry.kind() == Kind.LAST_TOKEN
                ? new Client(Phase.COMPLETE, client.expected() + 1, Epochs.NONE)
                : new Client(Phase.STREAMING, client.expected() + 1, seen.known());
    }

    private ModelState commit(ModelState state, int number) {
        Committed position = positionOf(state, number);
        invariants.committable(state, number, position);
        return state.withCommitted(number / 2, position);
    }

    /** What a shard commits now. */
    private Committed positionOf(ModelState state, int number) {
        int stage = number / 2;
        ModelShard shard = state.shards().get(number);
        boolean early = deviations.contains(Deviation.COMMITS_BEFORE_ACKNOWLEDGEMENT);
        int highWater = early ? shard.next() : shard.highWater();
        int lowWater = shard.lowWater(highWater, deviations.contains(Deviation.LOW_WATER_OF_SESSIONS_LIVE_NOW));
        Epochs upstream = deviations.contains(Deviation.UPSTREAM_EPOCH_OF_LATEST_RECORD)
                ? shard.known()
                : upstreamBelow(state, stage, lowWater);
        return new Committed(highWater, lowWater, shard.epoch(), upstream);
    }

    private static Epochs upstreamBelow(ModelState state, int stage, int lowWater) {
        Lane lane = state.lanes().get(stage);
        Epochs upstream = state.committed().get(stage).upstream();
        for (int offset = lane.base(); offset < lowWater; offset++) {
            upstream = upstream.with(lane.at(offset));
        }
        return upstream;
    }

    private static ModelState dropped(ModelState state, int number) {
        return state.withShard(
                number, ModelShard.idle(state.shards().get(number).appends()));
    }

    private ModelState reassign(ModelState state, int stage) {
        ModelShard owner = state.owner(stage);
        boolean commits = deviations.contains(Deviation.REPLACED_OWNERS_COMMIT);
        return state.withShard(2 * stage, state.shards().get(2 * stage + 1))
                .withShard(2 * stage + 1, commits ? owner : owner.replaced())
                .withOneFaultLess();
    }
}
