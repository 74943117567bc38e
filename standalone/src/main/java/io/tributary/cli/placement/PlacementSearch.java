package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A placement under construction, with the work of each shard. A step of the search is kept if the busiest shards have less
 * to do than before; a search ends when no step helps, or when it has taken as many as it may.
 */
final class PlacementSearch {
    /** Less than this part of the work is no gain but rounding. */
    private static final double ROUNDING = 1e-9;

    private final ExpertLoads loads;
    private final int slots;
    private final boolean[][] held;
    private final int[] heldBy;
    private final int[] used;
    private final double[][] rows;
    private final SearchEffort effort;
    private double best;

    /**
     * Begins without any expert.
     *
     * @param effort that the search may make, together with others
     */
    PlacementSearch(ExpertLoads loads, int shards, int slots, SearchEffort effort) {
        this.loads = loads;
        this.slots = slots;
        this.effort = effort;
        held = new boolean[shards][loads.experts()];
        heldBy = new int[loads.experts()];
        used = new int[shards];
        rows = new double[loads.layers()][shards];
    }

    /** Adds an expert to a shard that does not hold it. */
    void add(int shard, int expert) {
        change(shard, expert, true);
    }

    /**
     * Adds an expert to the shard with room and without it that makes the busiest ones least busy, of those to the one that
     * has least to do, then to the one that holds fewest.
     *
     * @return the shard; -1 if there is none
     */
    int addToBest(int expert) {
        int chosen = -1;
        Candidate best = new Candidate(Double.MAX_VALUE, 0, 0);
        for (int shard = 0; shard < held.length; shard++) {
            if (used[shard] < slots && !held[shard][expert]) {
                Candidate candidate = candidate(shard, expert);
                if (candidate.isBetterThan(best)) {
                    chosen = shard;
                    best = candidate;
                }
            }
        }
        if (chosen >= 0) {
            add(chosen, expert);
        }
        return chosen;
    }

    private Candidate candidate(int shard, int expert) {
        double own = rowsOf(shard);
        add(shard, expert);
        double busiest = busiest();
        remove(shard, expert);
        return new Candidate(busiest, own, used[shard]);
    }

    /**
     * A shard that an expert could be added to.
     *
     * @param busiest rows of the busiest shards with it
     * @param own rows of the shard before
     * @param used slots of the shard before
     */
    private record Candidate(double busiest, double own, int used) {
        boolean isBetterThan(Candidate other) {
            if (Math.abs(busiest - other.busiest) > ROUNDING * busiest) {
                return busiest < other.busiest;
            }
            return Math.abs(own - other.own) > ROUNDING * own ? own < other.own : used < other.used;
        }
    }

    /**
     * Takes experts from shards that hold too many, always the one that is missed least.
     *
     * @return whether no shard holds too many any more
     */
    boolean thinOut() {
        while (effort.isLeft()) {
            int chosen = -1;
            double least = Double.MAX_VALUE;
            for (int place = 0; place < held.length * loads.experts(); place++) {
                double without = busiestWithout(place / loads.experts(), place % loads.experts());
                if (without < least) {
                    chosen = place;
                    least = without;
                }
            }
            if (chosen < 0) {
                return Arrays.stream(used).allMatch(count -> count <= slots);
            }
            remove(chosen / loads.experts(), chosen % loads.experts());
        }
        return false;
    }

    /** Infinite for what must stay. */
    private double busiestWithout(int shard, int expert) {
        if (used[shard] <= slots || !held[shard][expert] || heldBy[expert] == 1) {
            return Double.POSITIVE_INFINITY;
        }
        effort.countStep();
        remove(shard, expert);
        double busiest = busiest();
        add(shard, expert);
        return busiest;
    }

    /** Searches, fills the slots that are left, and says what came of it. Each expert must have been added. */
    Placement improved() {
        do {
            best = busiest();
        } while (sweep());
        fill();
        List<ExpertSet> shards = Arrays.stream(held)
                .map(shard -> ExpertSet.of(IntStream.range(0, shard.length).filter(expert -> shard[expert])))
                .toList();
        return new Placement(loads.experts(), shards);
    }

    /** Tries every step from every shard to every other one; whether one helped. */
    private boolean sweep() {
        double before = best;
        for (int from = 0; from < held.length; from++) {
            for (int expert = 0; expert < loads.experts(); expert++) {
                for (int to = 0; to < held.length && effort.isLeft(); to++) {
                    if (held[from][expert] && !held[to][expert]) {
                        tryAll(from, expert, to);
                    }
                }
            }
        }
        return best < before && effort.isLeft();
    }

    private void tryAll(int from, int expert, int to) {
        if (used[to] < slots && (triedMove(from, expert, to) || kept(() -> add(to, expert), () -> remove(to, expert)))) {
            return;
        }
        if (heldBy[expert] > 1 && kept(() -> remove(from, expert), () -> add(from, expert))) {
            return;
        }
        for (int other = 0; other < loads.experts(); other++) {
            if (held[to][other] && tried(from, expert, to, other)) {
                return;
            }
        }
    }

    private boolean triedMove(int from, int expert, int to) {
        return kept(() -> move(from, expert, to), () -> move(to, expert, from));
    }

    private boolean tried(int from, int expert, int to, int other) {
        return (!held[from][other] && kept(() -> swap(from, expert, to, other), () -> swap(from, other, to, expert)))
                || (heldBy[other] > 1 && kept(() -> replace(to, other, expert), () -> replace(to, expert, other)));
    }

    private boolean kept(Runnable step, Runnable back) {
        effort.countStep();
        step.run();
        double reached = busiest();
        if (reached < best * (1 - ROUNDING)) {
            best = reached;
            return true;
        }
        back.run();
        return false;
    }

    /** Gives the slots that are left to replicas, the hottest experts first, for as long as no shard gets busier. */
    private void fill() {
        boolean[] done = new boolean[loads.experts()];
        for (int expert = hottest(done); expert >= 0; expert = hottest(done)) {
            double before = busiest();
            int shard = addToBest(expert);
            boolean busier = busiest() > before * (1 + ROUNDING);
            if (busier) {
                remove(shard, expert);
            }
            done[expert] = shard < 0 || busier;
        }
    }

    /** The expert with most rows a replica; -1 if all are done. */
    private int hottest(boolean[] done) {
        int hottest = -1;
        for (int expert = 0; expert < done.length; expert++) {
            if (!done[expert] && (hottest < 0 || rowsAReplica(expert) > rowsAReplica(hottest))) {
                hottest = expert;
            }
        }
        return hottest;
    }

    private double rowsAReplica(int expert) {
        return (double) loads.rows(expert) / heldBy[expert];
    }

    private void move(int from, int expert, int to) {
        remove(from, expert);
        add(to, expert);
    }

    private void swap(int one, int expert, int two, int other) {
        move(one, expert, two);
        move(two, other, one);
    }

    private void replace(int shard, int leaving, int coming) {
        remove(shard, leaving);
        add(shard, coming);
    }

    private void remove(int shard, int expert) {
        change(shard, expert, false);
    }

    private void change(int shard, int expert, boolean holds) {
        share(expert, -1);
        held[shard][expert] = holds;
        heldBy[expert] += holds ? 1 : -1;
        used[shard] += holds ? 1 : -1;
        share(expert, 1);
    }

    /** Adds an expert's rows to those of the shards that hold it, or takes them away. */
    private void share(int expert, int sign) {
        for (int shard = 0; shard < held.length; shard++) {
            if (held[shard][expert]) {
                for (int layer = 0; layer < rows.length; layer++) {
                    rows[layer][shard] += (double) sign * loads.rows(layer, expert) / heldBy[expert];
                }
            }
        }
    }

    private double rowsOf(int shard) {
        return Arrays.stream(rows).mapToDouble(layer -> layer[shard]).sum();
    }

    private double busiest() {
        double sum = 0;
        for (double[] layer : rows) {
            double most = 0;
            for (double shard : layer) {
                most = Math.max(most, shard);
            }
            sum += most;
        }
        return sum;
    }
}
