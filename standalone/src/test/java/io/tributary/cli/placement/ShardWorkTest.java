package io.tributary.cli.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardWorkTest {
    private static final ExpertLoads LOADS = ExpertLoads.of(List.of(new long[] {60, 20, 20}, new long[] {0, 40, 60}));

    @Test
    void theBusiestShardOfEachLayerCounts() {
        ShardWork work = ShardWork.of(LOADS, Placement.parse("0/1-2", 3));

        assertThat(work.rows(0)).isEqualTo(60);
        assertThat(work.rows(1)).isEqualTo(140);
        assertThat(work.busiest()).isEqualTo(60 + 100);
        assertThat(work.imbalance()).isEqualTo(1.6);
    }

    @Test
    void replicasShareTheRowsOfTheirExpertEvenly() {
        ShardWork work = ShardWork.of(LOADS, Placement.parse("0,2/1-2", 3));

        assertThat(work.rows(0)).isEqualTo(70 + 30);
        assertThat(work.rows(1)).isEqualTo(30 + 70);
        assertThat(work.busiest()).isEqualTo(70 + 70);
    }

    @Test
    void nothingToDoIsBalanced() {
        assertThat(ShardWork.of(ExpertLoads.of(List.of(new long[2])), Placement.even(2, 2))
                        .imbalance())
                .isEqualTo(1);
    }

    @Test
    void loadsOfRoutersAddUp() {
        ExpertLoads sum = LOADS.plus(ExpertLoads.even(2, 3));

        assertThat(sum.rows(0)).isEqualTo(62);
        assertThat(sum.rows(1, 2)).isEqualTo(61);
        assertThat(sum.total()).isEqualTo(206);
        assertThatThrownBy(() -> sum.plus(ExpertLoads.even(2, 4))).isInstanceOf(IllegalArgumentException.class);
    }
}
