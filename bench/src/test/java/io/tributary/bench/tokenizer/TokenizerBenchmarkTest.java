package io.tributary.bench.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.BenchException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TokenizerBenchmarkTest {
    private static final Path MODEL =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");

    @Test
    void bothWaysToEncodeAreMeasuredAndHaveTheSameTokens() {
        List<EncodingRate> rates = new TokenizerBenchmark(MODEL, "In the beginning God created.").run();
        assertThat(rates).extracting(EncodingRate::name).containsExactly("tributary", "HuggingFaceTokenizer");
        assertThat(rates).allSatisfy(rate -> {
            assertThat(rate.tokens()).isEqualTo(rates.getFirst().tokens()).isPositive();
            assertThat(rate.slowest()).isPositive().isLessThanOrEqualTo(rate.megabytesPerSecond());
            assertThat(rate.fastest()).isGreaterThanOrEqualTo(rate.megabytesPerSecond());
        });
        assertThat(TokenizerReport.table(rates)).contains("MB/s").contains("HuggingFaceTokenizer");
        assertThat(TokenizerReport.json(rates)).startsWith("{\"tributary\":{\"megabytes_per_second\":");
    }

    @Test
    void textsThatCannotBeComparedAreRefused() {
        assertThatThrownBy(() -> new TokenizerBenchmark(MODEL, ""))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> new TokenizerBenchmark(MODEL, "In<eos>").run())
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("other ids than tributary, from the token 1");
    }

    @Test
    void ofSeveralRoundsTheMedianCounts() {
        EncodingRate rate = EncodingRate.of("way", 1000, new long[] {1_000_000, 250_000, 500_000}, 3);
        assertThat(rate.megabytesPerSecond()).isEqualTo(2);
        assertThat(rate.slowest()).isEqualTo(1);
        assertThat(rate.fastest()).isEqualTo(4);
    }
}
