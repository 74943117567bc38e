package io.tributary.gateway.openai;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of the gateway's HTTP API. The longest body is `quarkus.http.limits.max-body-size`. */
@ConfigMapping(prefix = "tributary.gateway.http")
public interface HttpApiConfiguration {
    /** Requests that are read or answered at a time; one beyond is refused at once with status 429. */
    @WithDefault("128")
    int maxRequests();

    /** Answers that one request may ask for: `n`, for a list of prompts the sum over all of them. */
    @WithDefault("8")
    int maxChoices();
}
