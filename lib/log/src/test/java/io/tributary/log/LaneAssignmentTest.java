package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LaneAssignmentTest {
    @Test
    void oneReaderGetsAllLanes() {
        assertThat(LaneAssignment.balanced(Arrays.asList(null, null, null), List.of("a")))
                .containsExactly("a", "a", "a");
    }

    @Test
    void withoutReadersNoLaneHasOne() {
        assertThat(LaneAssignment.balanced(Arrays.asList("a", null), List.<String>of()))
                .containsExactly(null, null);
    }

    @Test
    void aReaderThatJoinsTakesItsShareAndTheOtherLanesStay() {
        assertThat(LaneAssignment.balanced(Arrays.asList("a", "a", "a", "a", "a"), List.of("a", "b")))
                .containsExactly("a", "a", "a", "b", "b");
    }

    @Test
    void readersMayOutnumberLanes() {
        assertThat(LaneAssignment.balanced(Arrays.asList("b", null), List.of("a", "b", "c")))
                .containsExactly("b", "a");
    }

    @Test
    void sharesDifferByOneAtMostAndOnlyLanesThatMustMoveDo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int lanes = 1 + random.nextInt(17);
            List<@Nullable Integer> present = new ArrayList<>(Collections.nCopies(lanes, null));
            for (int step = 0; step < 5; step++) {
                List<Integer> readers = random.ints(1 + random.nextInt(6), 0, 8)
                        .distinct()
                        .boxed()
                        .toList();
                List<@Nullable Integer> target = LaneAssignment.balanced(present, readers);
                assertBalanced(present, readers, target, "seed " + seed + ", round " + round);
                present = target;
            }
        }
    }

    private static void assertBalanced(
            List<@Nullable Integer> present, List<Integer> readers, List<@Nullable Integer> target, String run) {
        assertThat(target).as(run).hasSameSizeAs(present).isSubsetOf(readers);
        int share = present.size() / readers.size();
        int kept = 0;
        int keepable = 0;
        int larger = present.size() % readers.size();
        for (Integer reader : readers) {
            int before = Collections.frequency(present, reader);
            int after = Collections.frequency(target, reader);
            assertThat(after).as(run).isBetween(share, share + 1);
            keepable += Math.min(before, share) + (before > share && larger-- > 0 ? 1 : 0);
        }
        for (int lane = 0; lane < present.size(); lane++) {
            Integer before = present.get(lane);
            kept += before != null && before.equals(target.get(lane)) ? 1 : 0;
        }
        assertThat(kept).as(run).isEqualTo(keepable);
    }
}
