package io.tributary.models.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpertStatisticsTest {
    @Test
    void loadPairsAndOverflowAreThoseOfACountByHand() {
        long seed = 5;
        Random random = new Random(seed);
        int experts = 7;
        ExpertStatistics statistics = new ExpertStatistics(experts, List.of(2, 4));
        long[] chosen = new long[experts];
        long[][] together = new long[experts][experts];
        long overflow = 0;
        for (int pass = 0; pass < 20; pass++) {
            int rows = 1 + random.nextInt(9);
            Routing routing = new Routing(experts, rows * experts);
            for (int row = 0; row < rows; row++) {
                int[] of = random.ints(0, experts)
                        .distinct()
                        .limit(random.nextInt(4))
                        .sorted()
                        .toArray();
                overflow += of.length == 0 ? 1 : 0;
                for (int one : of) {
                    routing.add(row, one, 1);
                    chosen[one]++;
                    for (int other : of) {
                        together[one][other]++;
                    }
                }
            }
            routing.group();
            statistics.record(4, rows, routing);
        }
        LayerLoad load = statistics.load(4);
        assertThat(load.chosen()).as("seed %d", seed).isEqualTo(chosen);
        assertThat(load.overflow()).isEqualTo(overflow);
        for (int lower = 0; lower < experts; lower++) {
            for (int higher = lower + 1; higher < experts; higher++) {
                assertThat(load.pair(higher, lower))
                        .as("%d with %d", lower, higher)
                        .isEqualTo(together[lower][higher]);
            }
        }
        assertThat(statistics.load(2).positions()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> statistics.load(3))
                .withMessageContaining("[2, 4]");
    }

    @Test
    void entropyAndImbalanceSayHowEvenTheLoadIs() {
        LayerLoad even = new LayerLoad(0, 10, 0, new long[] {5, 5, 5, 5}, new long[6]);
        assertThat(even.entropyBits()).isCloseTo(2, within(1e-12));
        assertThat(even.imbalance()).isEqualTo(1);
        LayerLoad one = new LayerLoad(0, 20, 0, new long[] {0, 20, 0, 0}, new long[6]);
        assertThat(one.entropyBits()).isZero();
        assertThat(one.imbalance()).isEqualTo(4);
        LayerLoad none = new LayerLoad(0, 0, 0, new long[4], new long[6]);
        assertThat(none.entropyBits()).isZero();
        assertThat(none.imbalance()).isEqualTo(1);
    }

    @Test
    void whatWasCountedCanBeForgotten() {
        ExpertStatistics statistics = new ExpertStatistics(3, List.of(0));
        Routing routing = new Routing(3, 4);
        routing.add(0, 0, 1);
        routing.add(0, 2, 1);
        routing.group();
        statistics.record(0, 2, routing);
        assertThat(statistics.load(0).mostTogether()).isOne();
        assertThat(statistics.load(0).overflow()).isOne();

        statistics.clear();

        LayerLoad load = statistics.load(0);
        assertThat(load.positions()).isZero();
        assertThat(load.overflow()).isZero();
        assertThat(load.choices()).isZero();
        assertThat(load.mostTogether()).isZero();
    }

    @Test
    void aRoutingSeenByRowsHoldsTheSameAssignments() {
        Routing routing = new Routing(5, 6);
        routing.add(0, 4, 0.25f);
        routing.add(0, 1, 0.75f);
        routing.add(2, 1, 0.5f);
        routing.add(2, 0, 0.5f);
        routing.group();
        RoutedRows rows = new RoutedRows();
        rows.take(routing, 3);
        assertThat(rows.rows()).isEqualTo(3);
        assertThat(rows.count(0)).isEqualTo(2);
        assertThat(rows.expert(0, 0)).isEqualTo(1);
        assertThat(rows.weight(0, 0)).isEqualTo(0.75f);
        assertThat(rows.expert(0, 1)).isEqualTo(4);
        assertThat(rows.count(1)).isZero();
        assertThat(rows.expert(2, 0)).isZero();
        assertThat(rows.expert(2, 1)).isEqualTo(1);
    }
}
