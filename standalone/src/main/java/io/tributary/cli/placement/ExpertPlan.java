package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A plan, and what it is better than.
 *
 * @param measured the loads that it was made for
 * @param names of the shards
 * @param placement which experts each of them is to hold, in the order of the names
 * @param slots experts that a shard may hold
 * @param present what they hold now; empty if nothing is attached, other shards are, or an expert is missing
 * @param model of which the experts are, if it is known
 */
record ExpertPlan(
        MeasuredLoads measured,
        List<String> names,
        Placement placement,
        int slots,
        Optional<Placement> present,
        Optional<ModelExperts> model) {
    ExpertPlan {
        names = List.copyOf(names);
    }

    /** What the shards have to do. */
    ShardWork work() {
        return ShardWork.of(measured.loads(), placement);
    }

    /** What they would have to do otherwise: as they are placed now, or else with neighbours together. */
    ShardWork workBefore() {
        Placement before = present.orElseGet(() -> Placement.even(placement.experts(), names.size()));
        return ShardWork.of(measured.loads(), before);
    }

    /** How many times as fast the experts are with the plan, if rows are what takes the time. */
    double speedUp() {
        double busiest = work().busiest();
        return busiest == 0 ? 1 : workBefore().busiest() / busiest;
    }

    /** The experts that a shard holds and another one too. */
    ExpertSet replicated(int shard) {
        return ExpertSet.of(placement.shards().get(shard).indices().filter(expert -> placement.replicas(expert) > 1));
    }

    /** What each shard is to hold, by its name. */
    SortedMap<String, ExpertSet> byName() {
        SortedMap<String, ExpertSet> shards = new TreeMap<>();
        for (int shard = 0; shard < names.size(); shard++) {
            shards.put(names.get(shard), placement.shards().get(shard));
        }
        return shards;
    }
}
