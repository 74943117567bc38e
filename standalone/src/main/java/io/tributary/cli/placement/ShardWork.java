package io.tributary.cli.placement;

import java.util.Arrays;

/**
 * Rows that each shard computes with a placement, for some loads. The shards that hold an expert share its rows evenly. The
 * layers of a model run one after the other, so each of them takes as long as its busiest shard.
 */
public final class ShardWork {
    private final double[][] rows;

    private ShardWork(double[][] rows) {
        this.rows = rows;
    }

    /**
     * What the shards have to do.
     *
     * @throws IllegalArgumentException if loads and placement have different numbers of experts
     */
    public static ShardWork of(ExpertLoads loads, Placement placement) {
        if (loads.experts() != placement.experts()) {
            throw new IllegalArgumentException("the loads are of %d experts, the placement is of %d"
                    .formatted(loads.experts(), placement.experts()));
        }
        double[][] rows = new double[loads.layers()][placement.shards().size()];
        for (int expert = 0; expert < loads.experts(); expert++) {
            int replicas = placement.replicas(expert);
            for (int shard = 0; shard < placement.shards().size(); shard++) {
                if (placement.shards().get(shard).contains(expert)) {
                    for (int layer = 0; layer < loads.layers(); layer++) {
                        rows[layer][shard] += (double) loads.rows(layer, expert) / replicas;
                    }
                }
            }
        }
        return new ShardWork(rows);
    }

    /** Rows of a shard in all layers. */
    public double rows(int shard) {
        return Arrays.stream(rows).mapToDouble(layer -> layer[shard]).sum();
    }

    /** Rows of all shards in all layers. */
    public double total() {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).sum();
    }

    /** The rows of the busiest shard of each layer, added up: what a placement should make small. */
    public double busiest() {
        return Arrays.stream(rows)
                .mapToDouble(layer -> Arrays.stream(layer).max().orElse(0))
                .sum();
    }

    /** Times as many rows as with work spread evenly that the busiest shard of a layer has; 1 is best, or nothing to do. */
    public double imbalance() {
        double total = total();
        return total == 0 ? 1 : busiest() * rows[0].length / total;
    }
}
