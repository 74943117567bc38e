package io.tributary.gateway.access;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What one caller has used, and may still use. Thread-safe. */
final class Account {
    private static final Duration NEXT_END_OF_A_SESSION = Duration.ofSeconds(1);

    private final Caller caller;
    private final CallerLimits limits;
    private final @Nullable TokenBucket requests;
    private final @Nullable TokenBucket tokens;
    private int sessions;

    Account(Caller caller, CallerLimits limits, LongSupplier clock) {
        this.caller = caller;
        this.limits = limits;
        this.requests = limits.requestsPerMinute().isPresent()
                ? new TokenBucket(limits.requestsPerMinute().getAsInt(), clock)
                : null;
        this.tokens = limits.tokensPerMinute().isPresent()
                ? new TokenBucket(limits.tokensPerMinute().getAsInt(), clock)
                : null;
    }

    /**
     * Counts a call.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint
     */
    synchronized void request() {
        if (requests == null) {
            return;
        }
        Duration wait = requests.until(1);
        if (wait.isPositive()) {
            throw Refusals.spent(
                    caller,
                    "%,d requests a minute are allowed"
                            .formatted(limits.requestsPerMinute().orElseThrow()),
                    wait);
        }
        requests.take(1);
    }

    /**
     * Takes a place for a session and charges its prompt; given back with {@link #leave}.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint
     */
    synchronized void enter(int promptTokens) {
        int most = limits.concurrentSessions().orElse(Integer.MAX_VALUE);
        if (sessions >= most) {
            throw Refusals.spent(
                    caller, "%,d sessions at the same time are allowed".formatted(most), NEXT_END_OF_A_SESSION);
        }
        prompt(promptTokens);
        sessions++;
    }

    /**
     * Charges a prompt of a session that has a place.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint
     */
    synchronized void prompt(int promptTokens) {
        if (tokens != null && promptTokens > 0) {
            requireTokens(tokens, promptTokens);
            tokens.take(promptTokens);
        }
    }

    private void requireTokens(TokenBucket bucket, int promptTokens) {
        int perMinute = limits.tokensPerMinute().orElseThrow();
        if (promptTokens > perMinute) {
            throw Refusals.tooLarge(
                    caller,
                    "the prompt has %,d tokens; %,d tokens a minute are allowed".formatted(promptTokens, perMinute));
        }
        Duration wait = bucket.until(promptTokens);
        if (wait.isPositive()) {
            throw Refusals.spent(caller, "%,d tokens a minute are allowed".formatted(perMinute), wait);
        }
    }

    /** Charges tokens of an answer, whether or not they are left. */
    synchronized void charge(int generatedTokens) {
        if (tokens != null) {
            tokens.take(generatedTokens);
        }
    }

    /** Gives a place back. */
    synchronized void leave() {
        sessions--;
    }

    /** Whether a new account would be just like this one. */
    synchronized boolean unused() {
        return sessions == 0 && (requests == null || requests.full()) && (tokens == null || tokens.full());
    }
}
