package io.tributary.mesh;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Tracing is on, and spans stay in the JVM. */
public final class TracedProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("quarkus.otel.sdk.disabled", "false", "quarkus.otel.exporter.otlp.enabled", "false");
    }
}
