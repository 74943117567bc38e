package io.tributary.router;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the gates are loaded and each expert of each layer has a replica; or, where the first call loads them, before
 * that, when nothing is known against it. Expert shards attach to routers that are not ready yet, since they are what makes
 * them so: in Kubernetes by a headless service of its own with {@code publishNotReadyAddresses: true}.
 */
@Readiness
@ApplicationScoped
public class RouterReadiness implements HealthCheck {
    private static final int MOST_NAMED = 10;

    private final ServedRouter served;

    @Inject
    RouterReadiness(ServedRouter served) {
        this.served = served;
    }

    @Override
    public HealthCheckResponse call() {
        RunningRouter running = served.ifRunning();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("router").withData("loaded", running != null);
        if (running == null) {
            String problem = served.problem();
            response.status(served.isLoadedByFirstCall() && problem == null);
            return (problem == null ? response : response.withData("problem", problem)).build();
        }
        ShardDirectory.Standing standing = running.router().directory().standing();
        List<ShardDirectory.Absence> absences = standing.absences();
        response.status(absences.isEmpty()).withData("shards", standing.shards());
        if (!absences.isEmpty()) {
            response.withData("experts without replica", named(absences));
        }
        return response.build();
    }

    private static String named(List<ShardDirectory.Absence> absences) {
        String named = absences.stream()
                .limit(MOST_NAMED)
                .map(ShardDirectory.Absence::toString)
                .collect(Collectors.joining("; "));
        return absences.size() > MOST_NAMED
                ? named + "; and of %d further layers".formatted(absences.size() - MOST_NAMED)
                : named;
    }
}
