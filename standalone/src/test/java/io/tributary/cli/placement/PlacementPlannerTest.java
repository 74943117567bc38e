package io.tributary.cli.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.models.experts.ExpertSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementPlannerTest {
    private static final double ROUNDING = 1 + 1e-9;

    private static final int SEEDS = 20;

    /** How much more than the best placement of all a plan costs at most, and on average. */
    private static final double WORST = 1.05;

    private static final double MEAN_EXCESS = 0.02;

    @ParameterizedTest(name = "{0} experts, {1} shards with {2} slots, {3} layers")
    @CsvSource({"4,2,2,1", "4,2,3,2", "5,2,3,3", "5,3,2,2", "6,2,3,4", "6,2,4,1", "6,3,2,2", "4,3,3,2", "5,3,3,1"})
    void aPlanIsAlmostAsGoodAsTheBestOfAllPlacements(int experts, int shards, int slots, int layers) {
        double excess = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            ExpertLoads loads = Loads.uneven(layers, experts, new Random(seed));
            double planned = ShardWork.of(loads, PlacementPlanner.plan(loads, shards, slots))
                    .busiest();
            double least = bestOfAll(loads, shards, slots);

            assertThat(planned).as("seed %d", seed).isLessThanOrEqualTo(WORST * least);
            excess += planned / least - 1;
        }
        assertThat(excess / SEEDS).isLessThan(MEAN_EXCESS);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aPlanKeepsToTheSlotsAndIsNoWorseThanTakingTurns(long seed) {
        Random random = new Random(seed);
        int experts = 1 + random.nextInt(64);
        int shards = 1 + random.nextInt(Math.min(8, experts));
        int slots = Math.ceilDiv(experts, shards) + random.nextInt(4);
        ExpertLoads loads = Loads.uneven(1 + random.nextInt(12), experts, random);

        Placement plan = PlacementPlanner.plan(loads, shards, slots);

        assertThat(plan.experts()).isEqualTo(experts);
        assertThat(plan.shards())
                .hasSize(shards)
                .allSatisfy(shard -> assertThat(shard.size()).isBetween(1, slots));
        double planned = ShardWork.of(loads, plan).busiest();
        assertThat(planned)
                .isLessThanOrEqualTo(
                        ShardWork.of(loads, inTurn(experts, shards)).busiest() * ROUNDING)
                .isLessThanOrEqualTo(
                        ShardWork.of(loads, Placement.even(experts, shards)).busiest() * ROUNDING);
        assertThat(PlacementPlanner.plan(loads, shards, slots)).isEqualTo(plan);
    }

    @Test
    void aHotExpertGetsReplicas() {
        ExpertLoads loads = ExpertLoads.of(List.of(new long[] {10, 10, 900, 10, 10, 10, 10, 40}));

        Placement plan = PlacementPlanner.plan(loads, 4, 3);

        assertThat(plan.replicas(2)).isEqualTo(4);
        assertThat(ShardWork.of(loads, plan).imbalance()).isLessThan(1.1);
        assertThat(ShardWork.of(loads, Placement.even(8, 4)).imbalance()).isGreaterThan(3);
    }

    @Test
    void expertsThatAreHotInTheSameLayerArePlacedApart() {
        ExpertLoads loads = ExpertLoads.of(List.of(new long[] {50, 50, 0, 0}, new long[] {0, 0, 50, 50}));

        Placement plan = PlacementPlanner.plan(loads, 2, 2);

        assertThat(ShardWork.of(loads, plan).imbalance()).isEqualTo(1);
    }

    @Test
    void slotsThatDoNotHelpSpeedHoldReplicasAllTheSame() {
        Placement plan = PlacementPlanner.plan(ExpertLoads.even(2, 4), 2, 4);

        assertThat(plan.shards()).containsExactly(ExpertSet.all(4), ExpertSet.all(4));
    }

    @Test
    void withoutLoadsNeighboursStayTogether() {
        assertThat(PlacementPlanner.plan(ExpertLoads.even(3, 16), 4, 4)).hasToString("0-3/4-7/8-11/12-15");
        assertThat(PlacementPlanner.plan(ExpertLoads.of(List.of(new long[16])), 4, 4))
                .hasToString("0-3/4-7/8-11/12-15");
    }

    @Test
    void aLargeModelIsPlannedInBoundedTime() {
        ExpertLoads loads = Loads.uneven(58, 256, new Random(7));

        Placement plan = PlacementPlanner.plan(loads, 32, 9);

        assertThat(ShardWork.of(loads, plan).busiest())
                .isLessThan(0.8 * ShardWork.of(loads, inTurn(256, 32)).busiest());
    }

    @Test
    void tooFewSlotsAreRefusedWithTheNumberThatWouldDo() {
        assertThatThrownBy(() -> PlacementPlanner.plan(ExpertLoads.even(1, 8), 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 shards with 2 slots hold 6 experts of the model's 8; 3 slots would do");
    }

    @Test
    void moreShardsThanExpertsHoldReplicasOfTheHotOnes() {
        ExpertLoads loads = ExpertLoads.of(List.of(new long[] {10, 30, 20}));

        Placement plan = PlacementPlanner.plan(loads, 6, 1);

        assertThat(plan.shards()).hasSize(6);
        assertThat(IntStream.range(0, 3).map(plan::replicas)).containsExactly(1, 3, 2);
    }

    private static Placement inTurn(int experts, int shards) {
        return new Placement(
                experts,
                IntStream.range(0, shards)
                        .mapToObj(shard ->
                                ExpertSet.of(IntStream.range(0, experts).filter(expert -> expert % shards == shard)))
                        .toList());
    }

    /** Tries all placements: each expert on any set of shards, as far as there are slots. */
    private static double bestOfAll(ExpertLoads loads, int shards, int slots) {
        return bestFrom(0, new int[loads.experts()], new int[shards], loads, slots);
    }

    private static double bestFrom(int expert, int[] holders, int[] used, ExpertLoads loads, int slots) {
        if (expert == holders.length) {
            return ShardWork.of(loads, placement(holders, used.length)).busiest();
        }
        double best = Double.MAX_VALUE;
        for (int set = 1; set < 1 << used.length; set++) {
            int[] then = used.clone();
            boolean fits = true;
            for (int shard = 0; shard < used.length; shard++) {
                then[shard] += set >> shard & 1;
                fits &= then[shard] <= slots;
            }
            if (fits) {
                holders[expert] = set;
                best = Math.min(best, bestFrom(expert + 1, holders, then, loads, slots));
            }
        }
        return best;
    }

    private static Placement placement(int[] holders, int shards) {
        return new Placement(
                holders.length,
                IntStream.range(0, shards)
                        .mapToObj(shard -> ExpertSet.of(IntStream.range(0, holders.length)
                                .filter(expert -> (holders[expert] >> shard & 1) == 1)))
                        .toList());
    }
}
