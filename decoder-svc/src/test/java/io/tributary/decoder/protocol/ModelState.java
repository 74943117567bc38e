package io.tributary.decoder.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * All there is at one moment. The two replicas of a stage are alike, so the one that the group has given the lane comes
 * first: stage k's are number 2k and 2k + 1.
 *
 * @param tokensSeen the highest epochs in the tokens lane; gateways read its records as they are appended, for when they
 *     read them makes no difference to anybody but their clients
 */
record ModelState(
        List<Lane> lanes,
        Epochs tokensSeen,
        List<Committed> committed,
        List<ModelShard> shards,
        List<Client> clients,
        int faultsLeft,
        int decisionsLeft) {
    static ModelState initial(Bounds bounds) {
        Committed atStart = new Committed(0, 0, 1, Epochs.NONE);
        Client client = new Client(Client.Phase.WAITING, bounds.promptLength(), Epochs.NONE);
        return new ModelState(
                List.of(Lane.EMPTY, Lane.EMPTY),
                Epochs.NONE,
                List.of(atStart, atStart),
                List.of(ModelShard.FIRST_OWNER, ModelShard.IDLE, ModelShard.FIRST_OWNER, ModelShard.IDLE),
                java.util.Collections.nCopies(bounds.sessions(), client),
                bounds.faults(),
                bounds.decisions());
    }

    /** The shard that the group has given a stage's lane. */
    ModelShard owner(int stage) {
        return shards.get(2 * stage);
    }

    /** Whether a shard is the lane's owner, and has claimed it. */
    boolean owns(int shard) {
        return shard % 2 == 0
                && shards.get(shard).epoch() == committed.get(shard / 2).epoch();
    }

    ModelState withLane(int stage, Lane lane) {
        return new ModelState(
                replaced(lanes, stage, lane), tokensSeen, committed, shards, clients, faultsLeft, decisionsLeft);
    }

    ModelState withTokens(Epochs seen, List<Client> readers) {
        return new ModelState(lanes, seen, committed, shards, readers, faultsLeft, decisionsLeft);
    }

    ModelState withCommitted(int stage, Committed position) {
        Lane lane = lanes.get(stage).deleteBelow(position.lowWater());
        return new ModelState(
                replaced(lanes, stage, lane),
                tokensSeen,
                replaced(committed, stage, position),
                shards,
                clients,
                faultsLeft,
                decisionsLeft);
    }

    /** With what is left of a stage when nobody will claim its lane again: the epoch of its position. */
    ModelState withSettled(int stage, Lane lane, List<ModelShard> both) {
        Committed position = new Committed(0, 0, committed.get(stage).epoch(), Epochs.NONE);
        List<ModelShard> changed = new ArrayList<>(shards);
        changed.set(2 * stage, both.getFirst());
        changed.set(2 * stage + 1, both.getLast());
        return new ModelState(
                replaced(lanes, stage, lane),
                tokensSeen,
                replaced(committed, stage, position),
                changed,
                clients,
                faultsLeft,
                decisionsLeft);
    }

    ModelState withShard(int number, ModelShard shard) {
        return new ModelState(
                lanes, tokensSeen, committed, replaced(shards, number, shard), clients, faultsLeft, decisionsLeft);
    }

    ModelState withClient(int session, Client client) {
        return new ModelState(
                lanes, tokensSeen, committed, shards, replaced(clients, session, client), faultsLeft, decisionsLeft);
    }

    ModelState withOneFaultLess() {
        return new ModelState(lanes, tokensSeen, committed, shards, clients, faultsLeft - 1, decisionsLeft);
    }

    ModelState withOneDecisionLess() {
        return new ModelState(lanes, tokensSeen, committed, shards, clients, faultsLeft, decisionsLeft - 1);
    }

    private static <T> List<T> replaced(List<T> list, int index, T element) {
        List<T> changed = new ArrayList<>(list);
        changed.set(index, element);
        return changed;
    }

    /** 64 bits that tell this state from all others, but for a chance of about n² / 2^65 among n states. */
    long fingerprint() {
        Fingerprint print = new Fingerprint();
        print.add((faultsLeft << 4) | decisionsLeft);
        print.add(tokensSeen.code());
        for (Lane lane : lanes) {
            print.add(((long) lane.base() << 32) | lane.kept().size());
            print.add(lane.seen().code());
            lane.kept().forEach(entry -> print.add(entry.code()));
        }
        for (Committed position : committed) {
            print.add(((long) position.highWater() << 32) | position.lowWater());
            print.add(((long) position.epoch() << 32) | position.upstream().code());
        }
        shards.forEach(shard -> addTo(print, shard));
        clients.forEach(client -> print.add(client.code()));
        return print.value();
    }

    private static void addTo(Fingerprint print, ModelShard shard) {
        print.add(((long) shard.epoch() << 32) | (shard.next() << 16) | (shard.emitFrom() << 8));
        print.add((shard.closed() << 1) | (shard.broken() ? 1 : 0));
        print.add(shard.known().code());
        print.add(shard.sessions().size());
        shard.sessions().forEach(session -> print.add(session.code()));
        for (List<Append> topic : shard.appends()) {
            print.add(topic.size());
            topic.forEach(append -> print.add(append.code()));
        }
    }
}
