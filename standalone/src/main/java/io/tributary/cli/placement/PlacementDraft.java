package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A placement under construction, with the rows of each shard. */
final class PlacementDraft {
    private final ExpertLoads loads;
    private final int slots;
    private final boolean[][] held;
    private final int[] replicas;
    private final int[] used;
    private final double[][] rows;

    /** Begins without any expert. */
    PlacementDraft(ExpertLoads loads, int shards, int slots) {
        this.loads = loads;
        this.slots = slots;
        held = new boolean[shards][loads.experts()];
        replicas = new int[loads.experts()];
        used = new int[shards];
        rows = new double[loads.layers()][shards];
    }

    int shards() {
        return held.length;
    }

    int experts() {
        return replicas.length;
    }

    boolean holds(int shard, int expert) {
        return held[shard][expert];
    }

    /** Shards that hold the expert. */
    int replicas(int expert) {
        return replicas[expert];
    }

    /** Experts of a shard. */
    int used(int shard) {
        return used[shard];
    }

    boolean hasRoom(int shard) {
        return used[shard] < slots;
    }

    /** Whether it holds more than it may. */
    boolean isOverfull(int shard) {
        return used[shard] > slots;
    }

    /** Adds an expert to a shard that does not hold it. */
    void add(int shard, int expert) {
        change(shard, expert, true);
    }

    /** Takes an expert from a shard that holds it. */
    void remove(int shard, int expert) {
        change(shard, expert, false);
    }

    void move(int from, int expert, int to) {
        remove(from, expert);
        add(to, expert);
    }

    private void change(int shard, int expert, boolean holds) {
        share(expert, -1);
        held[shard][expert] = holds;
        replicas[expert] += holds ? 1 : -1;
        used[shard] += holds ? 1 : -1;
        share(expert, 1);
    }

    /** Adds an expert's rows to those of the shards that hold it, or takes them away. */
    private void share(int expert, int sign) {
        for (int shard = 0; shard < held.length; shard++) {
            if (held[shard][expert]) {
                for (int layer = 0; layer < rows.length; layer++) {
                    rows[layer][shard] += (double) sign * loads.rows(layer, expert) / replicas[expert];
                }
            }
        }
    }

    /** Rows of a shard in all layers. */
    double rows(int shard) {
        return Arrays.stream(rows).mapToDouble(layer -> layer[shard]).sum();
    }

    /** Rows that each replica of an expert computes in all layers. */
    double rowsAReplica(int expert) {
        return (double) loads.rows(expert) / replicas[expert];
    }

    /** The rows of the busiest shard of each layer, added up. */
    double busiest() {
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

    /** As it is now; each expert must have been added. */
    Placement placement() {
        return new Placement(
                replicas.length,
                Arrays.stream(held)
                        .map(shard ->
                                ExpertSet.of(IntStream.range(0, shard.length).filter(expert -> shard[expert])))
                        .toList());
    }
}
