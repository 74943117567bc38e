package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.BenchException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchedBenchOutputTest {
    private static final String OUTPUT = """
            main: n_kv_max = 640
            {"n_kv_max": 640, "pp": 8, "tg": 32, "pl": 1, "speed_pp": 99.0, "speed_tg": 25.0, "speed": 30.0}
            {"n_kv_max": 640, "pp": 8, "tg": 32, "pl": 4, "speed_pp": 99.0, "speed_tg": 31.5, "speed": 40.0}
            """;

    @Test
    void theRateOfGenerationIsTakenForEachNumberOfSequences() {
        assertThat(BatchedBenchOutput.parse(OUTPUT, List.of(1, 4))).isEqualTo(Map.of(1, 25.0, 4, 31.5));
    }

    @Test
    void aMissingNumberOfSequencesIsRefused() {
        assertThatThrownBy(() -> BatchedBenchOutput.parse(OUTPUT, List.of(1, 16)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("16 sequences");
    }

    @Test
    void aBrokenLineIsRefused() {
        assertThatThrownBy(() -> BatchedBenchOutput.parse("{\"pl\": 1, ", List.of(1)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("{\"pl\": 1,");
    }
}
