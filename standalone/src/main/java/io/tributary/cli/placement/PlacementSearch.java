package io.tributary.cli.placement;

import java.util.stream.IntStream;

/**
 * Makes a placement better step by step. A step is kept if the busiest shards have less to do than before; a search ends when no
 * step helps, or when no more effort may be made.
 */
final class PlacementSearch {
    /** Less than this part of the work is no gain but rounding. */
    static final double ROUNDING = 1e-9;

    private final PlacementDraft draft;
    private final SearchEffort effort;
    private double best;

    /**
     * Begins with what the draft holds.
     *
     * @param effort that the search may make, together with others
     */
    PlacementSearch(PlacementDraft draft, SearchEffort effort) {
        this.draft = draft;
        this.effort = effort;
    }

    /** A shard that an expert could be added to: rows of the busiest shards with it, its own rows and experts without it. */
    private record Candidate(double busiest, double own, int used) {
        boolean isBetterThan(Candidate other) {
            if (Math.abs(busiest - other.busiest) > ROUNDING * busiest) {
                return busiest < other.busiest;
            }
            return Math.abs(own - other.own) > ROUNDING * own ? own < other.own : used < other.used;
        }
    }

    /**
     * Adds an expert to the shard with room and without it that makes the busiest ones least busy, of those to the one that
     * has least to do, then to the one that holds fewest.
     *
     * @return the shard; -1 if there is none
     */
    int addToBest(int expert) {
        int chosen = -1;
        Candidate least = new Candidate(Double.MAX_VALUE, 0, 0);
        for (int shard = 0; shard < draft.shards(); shard++) {
            if (draft.hasRoom(shard) && !draft.holds(shard, expert)) {
                Candidate candidate = candidate(shard, expert);
                if (candidate.isBetterThan(least)) {
                    chosen = shard;
                    least = candidate;
                }
            }
        }
        if (chosen >= 0) {
            draft.add(chosen, expert);
        }
        return chosen;
    }

    private Candidate candidate(int shard, int expert) {
        double own = draft.rows(shard);
        draft.add(shard, expert);
        double busiest = draft.busiest();
        draft.remove(shard, expert);
        return new Candidate(busiest, own, draft.used(shard));
    }

    /**
     * Takes experts from shards that hold too many, always the one that is missed least.
     *
     * @return whether no shard holds too many any more
     */
    boolean thinOut() {
        while (effort.isLeft()) {
            int chosen = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int place = 0; place < draft.shards() * draft.experts(); place++) {
                double without = busiestWithout(place / draft.experts(), place % draft.experts());
                if (without < least) {
                    chosen = place;
                    least = without;
                }
            }
            if (chosen < 0) {
                return IntStream.range(0, draft.shards()).noneMatch(draft::isOverfull);
            }
            draft.remove(chosen / draft.experts(), chosen % draft.experts());
        }
        return false;
    }

    /** Infinite for what must stay. */
    private double busiestWithout(int shard, int expert) {
        if (!draft.isOverfull(shard) || !draft.holds(shard, expert) || draft.replicas(expert) == 1) {
            return Double.POSITIVE_INFINITY;
        }
        effort.countStep();
        draft.remove(shard, expert);
        double busiest = draft.busiest();
        draft.add(shard, expert);
        return busiest;
    }

    /** Searches, fills the slots that are left, and says what came of it. */
    Placement improved() {
        do {
            best = draft.busiest();
        } while (sweep());
        fill();
        return draft.placement();
    }

    /** Tries every step from every shard to every other one; whether one helped, and another sweep may. */
    private boolean sweep() {
        double before = best;
        for (int from = 0; from < draft.shards(); from++) {
            for (int expert = 0; expert < draft.experts(); expert++) {
                for (int to = 0; to < draft.shards() && effort.isLeft(); to++) {
                    if (draft.holds(from, expert) && !draft.holds(to, expert)) {
                        trySteps(from, expert, to);
                    }
                }
            }
        }
        return best < before && effort.isLeft();
    }

    /** Tries steps with an expert that one shard holds and another one does not, until one helps. */
    private void trySteps(int from, int expert, int to) {
        if (draft.hasRoom(to) && (triedMove(from, expert, to) || triedReplica(to, expert))) {
            return;
        }
        if (draft.replicas(expert) > 1 && kept(() -> draft.remove(from, expert), () -> draft.add(from, expert))) {
            return;
        }
        for (int other = 0; other < draft.experts(); other++) {
            if (draft.holds(to, other) && triedAgainst(from, expert, to, other)) {
                return;
            }
        }
    }

    private boolean triedMove(int from, int expert, int to) {
        return kept(() -> draft.move(from, expert, to), () -> draft.move(to, expert, from));
    }

    private boolean triedReplica(int to, int expert) {
        return kept(() -> draft.add(to, expert), () -> draft.remove(to, expert));
    }

    /** Exchanges two experts, or gives the place of a replica to a further replica of the expert. */
    private boolean triedAgainst(int from, int expert, int to, int other) {
        return (!draft.holds(from, other)
                        && kept(() -> swap(from, expert, to, other), () -> swap(from, other, to, expert)))
                || (draft.replicas(other) > 1
                        && kept(() -> replace(to, other, expert), () -> replace(to, expert, other)));
    }

    private void swap(int one, int expert, int two, int other) {
        draft.move(one, expert, two);
        draft.move(two, other, one);
    }

    private void replace(int shard, int leaving, int coming) {
        draft.remove(shard, leaving);
        draft.add(shard, coming);
    }

    private boolean kept(Runnable step, Runnable back) {
        effort.countStep();
        step.run();
        double reached = draft.busiest();
        if (reached < best * (1 - ROUNDING)) {
            best = reached;
            return true;
        }
        back.run();
        return false;
    }

    /** Gives the slots that are left to replicas, the hottest experts first, as long as no shard gets busier. */
    private void fill() {
        boolean[] done = new boolean[draft.experts()];
        for (int expert = hottest(done); expert >= 0; expert = hottest(done)) {
            double before = draft.busiest();
            int shard = addToBest(expert);
            boolean busier = draft.busiest() > before * (1 + ROUNDING);
            if (busier) {
                draft.remove(shard, expert);
            }
            done[expert] = shard < 0 || busier;
        }
    }

    /** The expert with most rows a replica; -1 if all are done. */
    private int hottest(boolean[] done) {
        int hottest = -1;
        for (int expert = 0; expert < done.length; expert++) {
            if (!done[expert] && (hottest < 0 || draft.rowsAReplica(expert) > draft.rowsAReplica(hottest))) {
                hottest = expert;
            }
        }
        return hottest;
    }
}
