package io.tributary.bench.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.kernels.KeyValueType;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurpriseTest {
    private static final Surprise EXACT = new Surprise(new double[] {1, 2, 3, 4, 5});

    @Test
    void perplexityIsTheExponentialOfTheMean() {
        assertThat(EXACT.mean()).isEqualTo(3);
        assertThat(EXACT.perplexity()).isEqualTo(Math.exp(3));
        assertThat(EXACT.standardError()).isEqualTo(Math.sqrt(0.5), within(1e-12));
        assertThat(EXACT.perplexityError()).isEqualTo(Math.exp(3) * Math.sqrt(0.5), within(1e-12));
    }

    @Test
    void runsOverOneTextAreComparedTokenByToken() {
        Surprise difference = new Surprise(new double[] {1.5, 2.5, 3.5, 4.5, 5.5}).minus(EXACT);

        assertThat(difference.mean()).isEqualTo(0.5);
        assertThat(difference.standardError()).isZero();
    }

    @Test
    void reportsCompareWithFloat32WhenItWasMeasured() {
        Map<KeyValueType, Surprise> results = new EnumMap<>(KeyValueType.class);
        results.put(KeyValueType.Q8, new Surprise(new double[] {2, 3, 4, 5, 6}));
        assertThat(PerplexityReport.json(results)).doesNotContain("nats_more_than_f32");

        results.put(KeyValueType.F32, EXACT);
        assertThat(PerplexityReport.json(results)).contains("\"nats_more_than_f32\":1.0");
        assertThat(PerplexityReport.table(results)).contains("+1.0000000").contains("20.0855");
    }
}
