package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.BenchException;
import org.junit.jupiter.api.Test;

class LlamaBenchOutputTest {
    @Test
    void bothTestsAreFoundByWhatTheyDo() {
        String output = """
                [
                  {"build_commit": "abc123", "build_number": 77, "n_prompt": 512, "n_gen": 0, "avg_ts": 120.5},
                  {"build_commit": "abc123", "build_number": 77, "n_prompt": 0, "n_gen": 128, "avg_ts": 30.25}
                ]
                """;
        assertThat(LlamaBenchOutput.parse(output)).isEqualTo(new LlamaBenchOutput("b77 abc123", 120.5, 30.25));
    }

    @Test
    void aMissingTestIsRefused() {
        assertThatThrownBy(() -> LlamaBenchOutput.parse("[{\"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 120.5}]"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("prefill 120.5")
                .hasMessageContaining("decode 0.0");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> LlamaBenchOutput.parse("usage: llama-bench"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("JSON");
    }
}
