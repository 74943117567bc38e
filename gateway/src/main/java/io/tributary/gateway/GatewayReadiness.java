package io.tributary.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once sessions can start: the mesh has answered and tokens are being read. */
@Readiness
@ApplicationScoped
public class GatewayReadiness implements HealthCheck {
    private final MeshConnection connection;

    @Inject
    GatewayReadiness(MeshConnection connection) {
        this.connection = connection;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("gateway")
                .status(connection.ready())
                .withData("sessions", connection.sessions())
                .build();
    }
}
