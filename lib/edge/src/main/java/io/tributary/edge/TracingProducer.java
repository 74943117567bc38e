package io.tributary.edge;

import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The tracing of a process, as configured. */
@ApplicationScoped
public class TracingProducer {
    @Produces
    @Singleton
    Tracing tracing(OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean disabled) {
        // A disabled SDK still gives spans ids of their own, which would replace those of the client.
        return disabled ? Tracing.off() : Tracing.with(telemetry);
    }
}
