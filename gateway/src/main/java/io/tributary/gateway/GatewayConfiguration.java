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

    /**
     * Positions that the session of a conversation may have beyond those of its first turn; a turn that needs more opens
     * another session. Positions cost memory only when they are used.
     */
    @WithDefault("4096")
    int chatGrowth();

    /**
     * How long the session of a conversation waits for the next turn; one that comes later opens another session. Shorter
     * than the idle time-out of the decoder.
     */
    @WithDefault("60s")
    Duration chatSessionTimeout();

    /** A conversation that gets no turn for so long ends as DEADLINE_EXCEEDED. */
    @WithDefault("10m")
    Duration chatIdleTimeout();

    /** Conversations under way at this gateway at most; one beyond is refused at once. */
    @WithDefault("64")
    int maxConversations();

    /** Texts of one request for embeddings that are computed at once. */
    @WithDefault("8")
    int embeddingConcurrency();
}
