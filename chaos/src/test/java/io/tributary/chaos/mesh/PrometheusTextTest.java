package io.tributary.chaos.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private static final String TEXT = """
            # HELP jvm_memory_used_bytes The amount of used memory
            # TYPE jvm_memory_used_bytes gauge
            jvm_memory_used_bytes{area="heap",id="Eden Space"} 1.5E6
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0
            jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 500000.0
            replayed_total 12.0
            replayed_total_max 99.0
            """;

    @Test
    void seriesWithTheLabelAreSummed() {
        assertThat(PrometheusText.sum(TEXT, "jvm_memory_used_bytes", "area=\"heap\""))
                .hasValue(2_000_000);
    }

    @Test
    void aMetricWithoutLabelsIsToldFromOneWhoseNameBeginsTheSame() {
        assertThat(PrometheusText.sum(TEXT, "replayed_total", "")).hasValue(12);
    }

    @Test
    void aMetricThatIsNotThereIsEmpty() {
        assertThat(PrometheusText.sum(TEXT, "missing", "")).isEmpty();
    }
}
