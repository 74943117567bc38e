package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds a placement with little {@link ShardWork#busiest() work for the busiest shards}. Hot experts get replicas, the
 * largest work is placed first, and then single experts are moved for as long as that helps; this from several starts, of
 * which the best counts. The same loads give the same placement.
 *
 * <p>Replication as in DeepSeek's EPLB: the next free slot goes to the expert with most rows a replica. That looks at all
 * layers together, as an expert's index is placed for all of them; the search afterwards looks at each layer.
 */
public final class PlacementPlanner {
    /** Further orders in which experts are placed, as long as it takes little time. */
    private static final int OTHER_ORDERS = 16;

    private final ExpertLoads loads;
    private final int shards;
    private final int slots;
    private final int[] replicas;
    private final SearchEffort effort;

    private PlacementPlanner(ExpertLoads loads, int shards, int slots) {
        this.loads = loads;
        this.shards = shards;
        this.slots = slots;
        replicas = replicas(loads, shards, slots);
        effort = new SearchEffort(loads.layers(), shards);
    }

    /**
     * A placement that is no worse than neighbours together and than one expert after the other in turn.
     *
     * @param shards number of shards
     * @param slots experts that a shard can hold; what is left over is used for replicas
     * @throws IllegalArgumentException if there is not a slot for each expert
     */
    public static Placement plan(ExpertLoads loads, int shards, int slots) {
        if ((long) shards * slots < loads.experts()) {
            throw new IllegalArgumentException(
                    "%d shards with %d slots hold %d experts of the model's %d; %d slots would do"
                            .formatted(
                                    shards,
                                    slots,
                                    (long) shards * slots,
                                    loads.experts(),
                                    Math.ceilDiv(loads.experts(), shards)));
        }
        PlacementPlanner planner = new PlacementPlanner(loads, shards, slots);
        Placement even = Placement.even(loads.experts(), shards);
        Placement inTurn = planner.inTurn();
        Placement best = Stream.of(
                        inTurn,
                        planner.largestFirst(),
                        planner.improved(even),
                        planner.improved(inTurn),
                        planner.fewerAndFewer().orElse(even))
                .reduce(even, planner::better);
        for (int order = 0; order < OTHER_ORDERS && planner.effort.isLeft(); order++) {
            best = planner.better(best, planner.shuffled(order));
        }
        return best;
    }

    /** The one with less work for the busiest shards, or else with more replicas, or else the first. */
    private Placement better(Placement one, Placement other) {
        double first = ShardWork.of(loads, one).busiest();
        double second = ShardWork.of(loads, other).busiest();
        boolean equal = Math.abs(first - second) <= PlacementSearch.ROUNDING * first;
        return (equal ? slotsUsed(other) > slotsUsed(one) : second < first) ? other : one;
    }

    private static int slotsUsed(Placement placement) {
        return placement.shards().stream().mapToInt(ExpertSet::size).sum();
    }

    private Placement inTurn() {
        return new Placement(
                loads.experts(),
                IntStream.range(0, shards)
                        .mapToObj(first -> ExpertSet.of(IntStream.iterate(
                                first % loads.experts(),
                                expert -> expert < loads.experts(),
                                expert -> expert + shards)))
                        .toList());
    }

    private Placement improved(Placement start) {
        PlacementDraft draft = new PlacementDraft(loads, shards, slots);
        for (int shard = 0; shard < shards; shard++) {
            int held = shard;
            start.shards().get(shard).indices().forEach(expert -> draft.add(held, expert));
        }
        return new PlacementSearch(draft, effort).improved();
    }

    private Placement largestFirst() {
        return placed(
                IntStream.range(0, loads.experts())
                        .boxed()
                        .sorted(Comparator.comparingDouble(expert -> -rowsAReplica(loads, expert, replicas)))
                        .toList(),
                replicas);
    }

    /** Everything everywhere, of which is taken away what is missed least; then improved. Takes long for large models. */
    private Optional<Placement> fewerAndFewer() {
        PlacementDraft draft = new PlacementDraft(loads, shards, slots);
        for (int shard = 0; shard < shards; shard++) {
            for (int expert = 0; expert < loads.experts(); expert++) {
                draft.add(shard, expert);
            }
        }
        PlacementSearch search = new PlacementSearch(draft, effort);
        return search.thinOut() ? Optional.of(search.improved()) : Optional.empty();
    }

    /** The experts in another order and with replicas for others, always the same ones for a seed. */
    private Placement shuffled(int seed) {
        Random random = new Random(seed);
        List<Integer> experts =
                new ArrayList<>(IntStream.range(0, loads.experts()).boxed().toList());
        Collections.shuffle(experts, random);
        int[] counts = single(loads);
        for (long spare = spareSlots(loads, shards, slots); spare > 0; spare--) {
            counts[random.nextInt(counts.length)]++;
        }
        return placed(experts, counts);
    }

    /** The experts in this order where there is least to do, then improved. */
    private Placement placed(List<Integer> experts, int[] replicas) {
        PlacementSearch search = new PlacementSearch(new PlacementDraft(loads, shards, slots), effort);
        for (int expert : experts) {
            for (int replica = 0; replica < replicas[expert]; replica++) {
                search.addToBest(expert);
            }
        }
        return search.improved();
    }

    /** A replica for each expert, and the slots that are left to whoever has most rows a replica. */
    private static int[] replicas(ExpertLoads loads, int shards, int slots) {
        int[] replicas = single(loads);
        for (long spare = spareSlots(loads, shards, slots); spare > 0; spare--) {
            int hottest = -1;
            for (int expert = 0; expert < replicas.length; expert++) {
                if (replicas[expert] < shards
                        && (hottest < 0
                                || rowsAReplica(loads, expert, replicas) > rowsAReplica(loads, hottest, replicas))) {
                    hottest = expert;
                }
            }
            if (hottest < 0) {
                break;
            }
            replicas[hottest]++;
        }
        return replicas;
    }

    private static int[] single(ExpertLoads loads) {
        return IntStream.generate(() -> 1).limit(loads.experts()).toArray();
    }

    private static long spareSlots(ExpertLoads loads, int shards, int slots) {
        return (long) shards * slots - loads.experts();
    }

    private static double rowsAReplica(ExpertLoads loads, int expert, int[] replicas) {
        return (double) loads.rows(expert) / replicas[expert];
    }
}
