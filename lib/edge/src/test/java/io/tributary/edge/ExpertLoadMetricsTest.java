package io.tributary.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExpertLoadMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong positions = new AtomicLong();

    @Test
    void figuresOfALayerAreReadWhenTheMetricsAre() {
        register(4);
        positions.set(20);

        assertThat(counter("positions").count()).isEqualTo(20);
        assertThat(counter("overflow").count()).isEqualTo(2);
        assertThat(counter("chosen", "expert", "3").count()).isEqualTo(3);
        assertThat(counter("pairs", "first", "1", "second", "3").count()).isEqualTo(13);
        assertThat(gauge("entropy").value()).isEqualTo(1.5);
        assertThat(gauge("imbalance").value()).isEqualTo(1.25);
        assertThat(gauge("top.pair.share").value()).isEqualTo(0.75);
    }

    @Test
    void aLayerWithoutPositionsHasNoShares() {
        register(4);

        assertThat(gauge("top.pair.share").value()).isZero();
    }

    @Test
    void pairsAreCountedUpToAsManyExpertsAsConfigured() {
        register(4);
        assertThat(registry.find("tributary.experts.pairs").functionCounters()).hasSize(6);

        registry.clear();
        register(3);
        assertThat(registry.find("tributary.experts.pairs").functionCounters()).isEmpty();
        assertThat(registry.find("tributary.experts.chosen").functionCounters()).hasSize(4);
        assertThat(gauge("top.pair.share")).isNotNull();
    }

    /** Of layer 7, which has four experts. */
    private void register(int pairsUpTo) {
        new ExpertLoadMetrics(registry, "tiny", pairsUpTo)
                .register(new LayerLoadFigures(
                        7,
                        4,
                        positions::get,
                        () -> 2,
                        expert -> expert,
                        (one, other) -> 10L * one + other,
                        () -> 15,
                        () -> 1.5,
                        () -> 1.25));
    }

    private FunctionCounter counter(String name, String... tags) {
        return registry.get("tributary.experts." + name)
                .tags("model_name", "tiny", "layer", "7")
                .tags(tags)
                .functionCounter();
    }

    private Gauge gauge(String name) {
        return registry.get("tributary.experts." + name)
                .tags("model_name", "tiny", "layer", "7")
                .gauge();
    }
}
