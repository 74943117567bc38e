package io.tributary.decoder;

import io.tributary.decoder.ServedStage.Loaded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the stage is loaded, owns lanes and takes sessions. */
@Readiness
@ApplicationScoped
public class ShardReadiness implements HealthCheck {
    private final ServedStage served;

    @Inject
    ShardReadiness(ServedStage served) {
        this.served = served;
    }

    @Override
    public HealthCheckResponse call() {
        Loaded loaded = served.ifLoaded();
        if (loaded == null) {
            return HealthCheckResponse.named("shard")
                    .down()
                    .withData("problem", "not loaded")
                    .build();
        }
        Shard shard = loaded.shard();
        return HealthCheckResponse.named("shard")
                .status(shard.acceptsSessions() && !shard.lanes().isEmpty())
                .withData("lanes", shard.lanes().size())
                .withData("sessions", shard.liveSessions())
                .build();
    }
}
