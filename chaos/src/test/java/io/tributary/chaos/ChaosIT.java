package io.tributary.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.chaos.fault.FaultKind;
import io.tributary.chaos.mesh.ExpertShape;
import io.tributary.chaos.mesh.MeshShape;
import io.tributary.chaos.report.ChaosReport;
import io.tributary.chaos.report.TableReport;
import io.tributary.edge.ExpertConfiguration.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run: one fault of each of the kinds that matter most, against a real broker and real processes. A full disk is among
 * them where there is the command that makes one.
 */
class ChaosIT {
    private static final long SEED = 20_261;
    private static final int SESSIONS = 12;
    /** Only so that the run has an end: it ends after the last fault. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Path FILLS_DISKS = Path.of("/usr/bin/prlimit");

    private static final Set<FaultKind> OF_EXPERTS =
            EnumSet.of(FaultKind.ROUTER_KILL, FaultKind.EXPERT_KILL, FaultKind.EXPERT_PAUSE, FaultKind.EXPERT_OUTAGE);

    private static Set<FaultKind> kinds() {
        Set<FaultKind> kinds = EnumSet.of(
                FaultKind.SHARD_KILL, FaultKind.SHARD_PAUSE, FaultKind.BROKER_RESTART, FaultKind.GATEWAY_KILL);
        if (Files.isExecutable(FILLS_DISKS)) {
            kinds.add(FaultKind.DISK_FULL);
        }
        return kinds;
    }

    @TempDir
    Path directory = Path.of("");

    @Test
    void everyStreamSurvivesTheLossOfAnyProcessWithTheSameBits() throws InterruptedException {
        requireThatAllSurvive(kinds(), new MeshShape(2, 2, 2));
    }

    @Test
    @EnabledIfSystemProperty(
            named = "tributary.chaos.experts",
            matches = "true",
            disabledReason = "takes minutes; `./tributary chaos --experts 2` runs the same for as long as you like")
    void everyStreamSurvivesTheLossOfRoutersAndExpertShardsWithTheBitsOfAProcessThatComputesThemItself()
            throws InterruptedException {
        ExpertShape experts = new ExpertShape(2, 2, 2, Transport.GRPC);

        requireThatAllSurvive(OF_EXPERTS, new MeshShape(2, 1, 1).withExperts(experts));
    }

    private void requireThatAllSurvive(Set<FaultKind> kinds, MeshShape shape) throws InterruptedException {
        ChaosSettings settings = new ChaosSettings(LONGEST, SEED, SESSIONS, kinds, kinds.size(), shape, directory);

        ChaosReport report = new ChaosRun(settings, System.out::println).run();

        String table = TableReport.of(report);
        System.out.println(table);
        assertThat(report.load().mismatches()).as(table).isZero();
        assertThat(report.load().lost()).as(table).isZero();
        assertThat(report.sessionsLeft()).as(table).hasValue(0);
        assertThat(report.load().sessions()).as(table).isPositive();
        assertThat(report.faults())
                .extracting(ChaosReport.InjectedFault::kind)
                .containsExactlyInAnyOrderElementsOf(
                        kinds.stream().map(FaultKind::label).toList());
    }
}
