package io.tributary.decoder;

import io.tributary.decoder.ServedStage.Loaded;
import io.tributary.decoder.experts.ExpertShard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Ready once the stage is loaded, owns lanes and takes sessions; an expert shard, once its experts are loaded. */
@Readiness
@ApplicationScoped
public class ShardReadiness implements HealthCheck {
    private final ServedStage served;
    private final ServedExperts experts;

    @Inject
    ShardReadiness(ServedStage served, ServedExperts experts) {
        this.served = served;
        this.experts = experts;
    }

    @Override
    public HealthCheckResponse call() {
        return experts.configured() ? expertShard(experts.ifLoaded()) : stage(served.ifLoaded());
    }

    private static HealthCheckResponse expertShard(ServedExperts.@Nullable Loaded loaded) {
        if (loaded == null) {
            return notLoaded();
        }
        ExpertShard shard = loaded.shard();
        return HealthCheckResponse.named("shard")
                .status(shard.running() && !shard.experts().isEmpty())
                .withData("experts", shard.experts().toString())
                .withData("routers", shard.attachedRouters())
                .build();
    }

    private static HealthCheckResponse notLoaded() {
        return HealthCheckResponse.named("shard")
                .down()
                .withData("problem", "not loaded")
                .build();
    }

    private static HealthCheckResponse stage(@Nullable Loaded loaded) {
        if (loaded == null) {
            return notLoaded();
        }
        Shard shard = loaded.shard();
        return HealthCheckResponse.named("shard")
                .status(shard.acceptsSessions() && !shard.lanes().isEmpty())
                .withData("lanes", shard.lanes().size())
                .withData("sessions", shard.liveSessions())
                .build();
    }
}
