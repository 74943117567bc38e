package io.tributary.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The gateway's own metrics; calls are counted and timed by the gRPC server's. */
@ApplicationScoped
public class GatewayMetrics {
    void register(@Observes StartupEvent event, MeterRegistry registry, MeshConnection connection) {
        Gauge.builder("tributary.gateway.sessions", connection, MeshConnection::sessions)
                .description("Sessions under way at this gateway")
                .register(registry);
    }
}
