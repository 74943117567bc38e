package io.tributary.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.chaos.load.LoadTally;
import io.tributary.chaos.mesh.MemberKind;
import io.tributary.chaos.mesh.MeshFigures;
import io.tributary.chaos.mesh.ProcessFigures;
import io.tributary.chaos.report.ChaosReport.InjectedFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChaosReportTest {
    private static final MeshFigures FIRST =
            new MeshFigures(Map.of(MemberKind.DECODER, new ProcessFigures(10, 20, 30, 40)), 50);
    private static final MeshFigures LAST =
            new MeshFigures(Map.of(MemberKind.DECODER, new ProcessFigures(11, 21, -1, 41)), 51);

    @Test
    void theJsonHasEveryFigure() {
        ObjectNode json = JsonReport.of(report(0, 0, OptionalInt.of(0), OptionalLong.of(77)));

        assertThat(json.get("seed").asLong()).isEqualTo(9);
        assertThat(json.get("sessions").asLong()).isEqualTo(100);
        assertThat(json.get("tokens").asLong()).isEqualTo(5_000);
        assertThat(json.get("faults").asInt()).isEqualTo(3);
        assertThat(json.get("faults_by_kind").toString()).isEqualTo("{\"shard-kill\":2,\"broker-kill\":1}");
        assertThat(json.get("mismatches").asInt()).isZero();
        assertThat(json.get("lost").asInt()).isZero();
        assertThat(json.get("sessions_left").asInt()).isZero();
        assertThat(json.get("recovery_ms").toString()).isEqualTo("{\"p50\":700,\"p99\":900}");
        assertThat(json.get("recovery_ms_by_kind").toString()).isEqualTo("{\"shard-kill\":900,\"broker-kill\":700}");
        assertThat(json.get("tokens_recomputed").asLong()).isEqualTo(77);
        assertThat(json.at("/resources/decoder/first/heap_bytes").asLong()).isEqualTo(10);
        assertThat(json.at("/resources/decoder/last/threads").asLong()).isEqualTo(41);
        assertThat(json.at("/resources/decoder/last/open_files").asLong()).isEqualTo(-1);
        assertThat(json.get("resources").properties()).hasSize(1);
        assertThat(json.at("/broker_disk_bytes/last").asLong()).isEqualTo(51);
    }

    @Test
    void whatIsNotKnownIsNull() {
        ObjectNode json = JsonReport.of(report(0, 0, OptionalInt.empty(), OptionalLong.empty()));

        assertThat(json.get("tokens_recomputed").isNull()).isTrue();
        assertThat(json.get("sessions_left").isNull()).isTrue();
    }

    @Test
    void aRunIsGoodOnlyIfNothingDiffersIsLostOrLeft() {
        assertThat(report(0, 0, OptionalInt.of(0), OptionalLong.empty()).isGood())
                .isTrue();
        assertThat(report(1, 0, OptionalInt.of(0), OptionalLong.empty()).isGood())
                .isFalse();
        assertThat(report(0, 1, OptionalInt.of(0), OptionalLong.empty()).isGood())
                .isFalse();
        assertThat(report(0, 0, OptionalInt.of(1), OptionalLong.empty()).isGood())
                .isFalse();
        assertThat(report(0, 0, OptionalInt.empty(), OptionalLong.empty()).isGood())
                .isFalse();
    }

    @Test
    void theTableNamesFaultsAndProblems() {
        assertThat(TableReport.of(report(1, 0, OptionalInt.of(0), OptionalLong.empty())))
                .contains("seed 9", "shard-kill", "broker-kill", "decoder", "plan 3 differs")
                .containsPattern("positions computed again +unknown");
    }

    private static ChaosReport report(long mismatches, long lost, OptionalInt left, OptionalLong replayed) {
        List<String> problems = mismatches > 0 ? List.of("plan 3 differs") : List.of();
        return new ChaosReport(
                9,
                Duration.ofSeconds(60),
                new LoadTally.Counts(100, 8, 12, 5_000, mismatches, lost, problems),
                List.of(
                        new InjectedFault("shard-kill", 400),
                        new InjectedFault("shard-kill", 900),
                        new InjectedFault("broker-kill", 700)),
                left,
                replayed,
                FIRST,
                LAST);
    }
}
