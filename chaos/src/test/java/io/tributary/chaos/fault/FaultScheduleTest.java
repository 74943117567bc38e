package io.tributary.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

    @Test
    void theSameSeedGivesTheSameFaultsAndAnotherOneOthers() {
        assertThat(faults(5, ALL, 50)).isEqualTo(faults(5, ALL, 50));
        assertThat(faults(6, ALL, 50)).isNotEqualTo(faults(5, ALL, 50));
    }

    @Test
    void theOrderInWhichKindsWereNamedDoesNotMatter() {
        assertThat(faults(5, List.of(FaultKind.SHARD_PAUSE, FaultKind.BROKER_KILL), 9))
                .isEqualTo(faults(5, List.of(FaultKind.BROKER_KILL, FaultKind.SHARD_PAUSE), 9));
    }

    @Test
    void everyKindComesOnceARound() {
        List<FaultKind> kinds =
                faults(5, ALL, 2 * ALL.size()).stream().map(Fault::kind).toList();

        assertThat(kinds.subList(0, ALL.size())).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(kinds.subList(ALL.size(), 2 * ALL.size())).containsExactlyInAnyOrderElementsOf(ALL);
    }

    @Test
    void aPauseIsLongEnoughForTheShardToBeReplaced() {
        assertThat(faults(5, Set.of(FaultKind.SHARD_PAUSE), 100))
                .allMatch(fault ->
                        fault.outage().toMillis() >= 12_000 && fault.outage().toMillis() <= 20_000);
    }

    @Test
    void theUsualKindsAreThoseThatTheMeshHasProcessesFor() {
        assertThat(FaultKind.usual(true))
                .contains(FaultKind.SHARD_KILL, FaultKind.ROUTER_KILL, FaultKind.EXPERT_KILL)
                .doesNotContain(FaultKind.BROKER_OUTAGE);
        assertThat(FaultKind.usual(false)).contains(FaultKind.SHARD_KILL).noneMatch(FaultKind::needsExperts);
    }

    @Test
    void aScheduleWithoutKindsIsRefused() {
        assertThatThrownBy(() -> new FaultSchedule(1, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyKindIsFoundByItsLabel() {
        assertThat(Arrays.stream(FaultKind.values()))
                .allSatisfy(kind -> assertThat(FaultKind.of(kind.label())).contains(kind));
        assertThat(FaultKind.of("shard_kill")).isEmpty();
    }

    private static List<Fault> faults(long seed, java.util.Collection<FaultKind> kinds, int count) {
        FaultSchedule schedule = new FaultSchedule(seed, kinds);
        return Stream.generate(schedule::next).limit(count).toList();
    }
}
