package io.tributary.gateway.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.OptionalInt;

/** Who may call the gateway, and how much of it; without keys and without OIDC whoever reaches it may. */
@ConfigMapping(prefix = "tributary.gateway")
public interface AccessConfiguration {
    /** The keys that clients may call with, by the name of whom they were given to. */
    Map<String, ApiKey> apiKeys();

    /** What each client may use: each key without limits of its own, each OIDC subject, all anonymous clients together. */
    Limits limits();

    /** Whether a gateway that asks nobody for a key may listen on other addresses than loopback. */
    @WithDefault("false")
    boolean allowAnonymousRemote();

    /** Whether metrics are told without a key; health is. */
    @WithDefault("false")
    boolean openMetrics();

    /** A key, of which the gateway knows no more than its hash. */
    interface ApiKey {
        /** Hexadecimal SHA-256 of the key; `./tributary key new` prints a key and this line. */
        String sha256();

        /** What the holder may use, where it differs from `tributary.gateway.limits`. */
        Limits limits();
    }

    /** What a client may use of one gateway process; without a number there is no limit. */
    interface Limits {
        /** Calls a minute, and so many at once after a pause. */
        OptionalInt requestsPerMinute();

        /** Tokens of prompts and answers a minute. Answers are charged as they stream, so a minute may end in debt. */
        OptionalInt tokensPerMinute();

        /** Sessions under way at the same time. */
        OptionalInt concurrentSessions();

        /** Tokens that one prompt may have. */
        OptionalInt promptTokens();

        /** Tokens that one answer may have; requests that do not say how many get at most so many. */
        OptionalInt outputTokens();
    }
}
