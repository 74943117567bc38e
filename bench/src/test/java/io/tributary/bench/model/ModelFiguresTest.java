package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.bench.machine.MachineDescription;
import io.tributary.models.packing.PackingUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelFiguresTest {
    private static final double TOLERANCE = 1e-12;
    private static final EngineFigures OURS = new EngineFigures(
            "tributary",
            "0",
            new Rates(90, 100, 110),
            new Rates(19, 20, 21),
            new TreeMap<>(Map.of(1, new Rates(18, 19, 20), 4, new Rates(50, 60, 70))));
    private static final EngineFigures THEIRS = new EngineFigures(
            "llama.cpp",
            "b1",
            new Rates(70, 80, 90),
            new Rates(24, 25, 26),
            new TreeMap<>(Map.of(1, new Rates(24, 25, 26), 4, new Rates(29, 30, 31))));

    @Test
    void theShareOfBandwidthIsBytesATokenTimesRateOverTheReadRate() {
        // 1 GB a token, 20 tokens a second, 40 GB a second.
        assertThat(figures(Optional.empty()).shareOfBandwidth()).isCloseTo(0.5, within(TOLERANCE));
    }

    @Test
    void theShareOfPeakCountsTwoOperationsForAMultiplyAdd() {
        // 2 x 1e9 operations a token, 100 tokens a second, 400 GFLOP a second.
        assertThat(figures(Optional.empty()).shareOfPeak()).isCloseTo(0.5, within(TOLERANCE));
    }

    @Test
    void ratiosAreThoseOfTheMedians() {
        ModelFigures.Ratios ratios = figures(Optional.of(THEIRS)).ratioToPeer().orElseThrow();
        assertThat(ratios.decode()).isCloseTo(0.8, within(TOLERANCE));
        assertThat(ratios.prefill()).isCloseTo(1.25, within(TOLERANCE));
        assertThat(ratios.parallel().get(4)).isCloseTo(2.0, within(TOLERANCE));
    }

    @Test
    void theObjectHasAllFigures() {
        ObjectNode report = JsonReport.of(figures(Optional.of(THEIRS)));
        assertThat(report.path("decode").path("median").asDouble()).isEqualTo(20);
        assertThat(report.path("prefill").path("min").asDouble()).isEqualTo(90);
        assertThat(report.path("prefill").path("max").asDouble()).isEqualTo(110);
        assertThat(report.path("parallel").path("4").path("median").asDouble()).isEqualTo(60);
        assertThat(report.path("share_of_bandwidth").asDouble()).isCloseTo(0.5, within(TOLERANCE));
        assertThat(report.path("share_of_peak").asDouble()).isCloseTo(0.5, within(TOLERANCE));
        assertThat(report.path("ratio_to_peer").path("parallel").path("1").asDouble())
                .isCloseTo(0.76, within(TOLERANCE));
        assertThat(report.path("peer").path("version").asText()).isEqualTo("b1");
        assertThat(report.path("peer").path("decode").path("max").asDouble()).isEqualTo(26);
        assertThat(report.path("limits")
                        .path("read_bytes_per_second")
                        .path("median")
                        .asDouble())
                .isEqualTo(40e9);
        assertThat(report.path("threads").asInt()).isEqualTo(2);
        assertThat(report.path("seconds_to_first_token").asDouble()).isEqualTo(1.5);
        assertThat(report.path("packing_cache").asText()).isEqualTo("warm");
        assertThat(report.path("machine").path("processor").asText()).isEqualTo("a processor");
    }

    @Test
    void withoutAPeerItsFieldsAreNull() {
        ObjectNode report = JsonReport.of(figures(Optional.empty()));
        assertThat(report.get("peer").isNull()).isTrue();
        assertThat(report.get("ratio_to_peer").isNull()).isTrue();
        assertThat(report.path("decode").path("median").asDouble()).isEqualTo(20);
    }

    @Test
    void theTableHasARowForEachMeasurement() {
        assertThat(TableReport.of(figures(Optional.of(THEIRS))))
                .contains("prompt of 512", "100.0 (90.0 to 110.0)", "80.0 (70.0 to 90.0)", "1.25")
                .contains("first token 1.50 s after the start of loading, packing cache warm")
                .contains("decode, 4 sequences", "2.00")
                .contains("decode reads 1.000 GB of weights a token: 50 % of the memory bandwidth");
        assertThat(TableReport.of(figures(Optional.empty()))).doesNotContain("llama.cpp");
    }

    private static ModelFigures figures(Optional<EngineFigures> peer) {
        return new ModelFigures(
                "a-model",
                new Workload(512, 128, List.of(1, 4), 2),
                3,
                new ModelFigures.FirstToken(1.5, new PackingUse(true, 1 << 20, 0)),
                new WeightTraffic(1e9, 1e9),
                new ModelFigures.Limits(new Rates(39e9, 40e9, 41e9), new Rates(390e9, 400e9, 410e9)),
                OURS,
                peer,
                new MachineDescription("a processor", 2, "a JVM"));
    }
}
