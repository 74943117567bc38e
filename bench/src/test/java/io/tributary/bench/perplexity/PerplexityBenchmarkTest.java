package io.tributary.bench.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.bench.BenchException;
import io.tributary.kernels.KeyValueType;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PerplexityBenchmarkTest {
    private static final Path MODEL =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");

    private final PerplexityBenchmark benchmark = new PerplexityBenchmark(MODEL, 2);

    @Test
    void shorterKeysAndValuesPredictAlmostAsWellAsFloat32() {
        Map<KeyValueType, Surprise> results =
                benchmark.run(TextOption.defaultText(), EnumSet.allOf(KeyValueType.class));
        Surprise exact = Objects.requireNonNull(results.get(KeyValueType.F32));

        assertThat(exact.tokens()).isGreaterThan(5000);
        // The model was trained to 2.94 nats; anything far off would be a mistake in windows or tokens.
        assertThat(exact.mean()).isBetween(2.0, 3.5);
        // A half is off by at most 2^-11 of a number; a bfloat16 by 2^-8; a quant by 1/254 of the largest of its head.
        // Such errors nearly cancel in the mean: each bound is about ten standard errors of the measured difference.
        assertDifference(results, KeyValueType.F16, 5e-5);
        assertDifference(results, KeyValueType.BF16, 5e-4);
        assertDifference(results, KeyValueType.Q8, 1e-3);
    }

    @Test
    void aTextWithoutTokensToPredictIsRefused() {
        assertThatThrownBy(() -> benchmark.run("", EnumSet.of(KeyValueType.F32)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("the text has 0 tokens");
    }

    private static void assertDifference(Map<KeyValueType, Surprise> results, KeyValueType type, double bound) {
        Surprise exact = Objects.requireNonNull(results.get(KeyValueType.F32));
        Surprise rounded = Objects.requireNonNull(results.get(type));

        assertThat(rounded.minus(exact).standardError()).as("%s", type).isPositive();
        assertThat(rounded.minus(exact).mean()).as("%s", type).isCloseTo(0, within(bound));
    }
}
