package io.tributary.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits and habits of the gateway. */
@ConfigMapping(prefix = "tributary.gateway")
public interface GatewayConfiguration {
    /** Sessions that this gateway has under way at most; a request beyond is refused at once. */
    @WithDefault("64")
    int maxSessions();

    /** Tokens to generate at most when the request does not say. */
    @WithDefault("256")
    int defaultMaxTokens();

    /** Positions of a prompt in one record of the activation log, at most 256. */
    @WithDefault("64")
    int promptChunk();

    /** A stream that sees no token for so long ends as UNAVAILABLE; a broker that is away for a minute is worth waiting for. */
    @WithDefault("120s")
    Duration tokenTimeout();

    /** How long the gateway waits for an answer of another service. */
    @WithDefault("30s")
    Duration callTimeout();
}
