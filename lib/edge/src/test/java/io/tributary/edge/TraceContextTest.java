package io.tributary.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void aWellFormedContextBecomesRecordHeaders() {
        assertThat(TraceContext.of(PARENT, "vendor=value").headers())
                .containsEntry("traceparent", PARENT)
                .containsEntry("tracestate", "vendor=value")
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void aMalformedParentMeansNoTrace(String malformed) {
        assertThat(TraceContext.of(malformed, "vendor=value").headers()).isEmpty();
    }

    @Test
    void aStateBeyondTheLimitIsDroppedAlone() {
        assertThat(TraceContext.of(PARENT, "x".repeat(513)).headers()).containsOnlyKeys("traceparent");
    }
}
