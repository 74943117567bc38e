package io.tributary.tokenizer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the tokenizer is loaded; or before that when the first call loads it and nothing is known against it. */
@Readiness
@ApplicationScoped
public class TokenizerReadiness implements HealthCheck {
    private final LoadedTokenizer tokenizer;

    @Inject
    TokenizerReadiness(LoadedTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    @Override
    public HealthCheckResponse call() {
        boolean loaded = tokenizer.isLoaded();
        String problem = tokenizer.problem();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("tokenizer")
                .status(loaded || (tokenizer.isLoadedByFirstCall() && problem == null))
                .withData("loaded", loaded);
        return (problem == null ? response : response.withData("problem", problem)).build();
    }
}
