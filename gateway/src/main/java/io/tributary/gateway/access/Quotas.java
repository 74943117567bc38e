package io.tributary.gateway.access;

import io.smallrye.mutiny.Multi;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.access.Caller.Origin;
import io.tributary.proto.gateway.v1.GenerateResponse;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Holds each caller to its limits, at this gateway alone: gateways do not tell each other what their callers have used.
 * Kept in memory, so a gateway that starts again has forgotten it.
 */
@Singleton
public class Quotas {
    /** Callers that are remembered at the same time; an OIDC provider may know more. */
    private static final int MOST_ACCOUNTS = 10_000;

    private static final Duration NEXT_UNUSED_ACCOUNT = Duration.ofSeconds(10);

    private final CallerLimits forEverybody;
    private final Map<String, CallerLimits> byKey = new HashMap<>();
    private final LongSupplier clock;
    private final int mostAccounts;
    private final Map<Caller, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    Quotas(AccessConfiguration configuration) {
        this(configuration, System::nanoTime, MOST_ACCOUNTS);
    }

    /** @param clock nanoseconds */
    Quotas(AccessConfiguration configuration, LongSupplier clock, int mostAccounts) {
        this.forEverybody = CallerLimits.of(configuration.limits());
        configuration
                .apiKeys()
                .forEach((name, key) ->
                        byKey.put(name, CallerLimits.of(key.limits()).orElse(forEverybody)));
        this.clock = clock;
        this.mostAccounts = mostAccounts;
    }

    /**
     * Counts a call.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with QuotaFailure and RetryInfo if there were too many
     */
    public void request(Caller caller) {
        if (limited(caller)) {
            account(caller).request();
        }
    }

    /** The number of tokens to generate for a request that does not say how many. */
    public int defaultMaximalTokens(Caller caller, int otherwise) {
        return Math.min(otherwise, limits(caller).outputTokens().orElse(otherwise));
    }

    /**
     * Takes a place for a session, and charges its prompt.
     *
     * @param promptTokens to be computed
     * @param maximalTokens that may be generated
     * @return to be closed when the session's stream ends
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with QuotaFailure; with RetryInfo too if it can succeed later
     */
    public QuotaLease admit(Caller caller, int promptTokens, int maximalTokens) {
        return admit(caller, promptTokens, promptTokens, maximalTokens);
    }

    /**
     * As {@link #admit(Caller, int, int)} for several prompts.
     *
     * @param longestPrompt tokens of the longest
     * @param promptTokens of all together
     */
    public QuotaLease admit(Caller caller, int longestPrompt, int promptTokens, int maximalTokens) {
        check(caller, longestPrompt, maximalTokens);
        Account account = accountOf(caller);
        account.enter(promptTokens);
        return new QuotaLease(account, maximalTokens);
    }

    private Account accountOf(Caller caller) {
        return limited(caller) ? account(caller) : new Account(caller, CallerLimits.NONE, clock);
    }

    private void check(Caller caller, int promptTokens, int maximalTokens) {
        CallerLimits limits = limits(caller);
        if (promptTokens > limits.promptTokens().orElse(Integer.MAX_VALUE)) {
            throw Refusals.tooLarge(
                    caller,
                    "the prompt has %,d tokens; %,d are allowed"
                            .formatted(promptTokens, limits.promptTokens().orElseThrow()));
        }
        if (maximalTokens > limits.outputTokens().orElse(Integer.MAX_VALUE)) {
            throw Refusals.tooLarge(
                    caller,
                    "max_tokens is %,d; %,d are allowed"
                            .formatted(maximalTokens, limits.outputTokens().orElseThrow()));
        }
    }

    /**
     * The stream of a session of this caller: admitted when subscribed to, its tokens charged as they come.
     *
     * @param promptTokens to be computed
     * @param maximalTokens that may be generated
     * @param outlivesStream whether the session goes on when the stream ends early; then what is left is charged too
     */
    public Multi<GenerateResponse> metered(
            Caller caller,
            int promptTokens,
            int maximalTokens,
            boolean outlivesStream,
            Multi<GenerateResponse> responses) {
        return Multi.createFrom().deferred(() -> {
            QuotaLease lease = admit(caller, promptTokens, maximalTokens);
            return responses
                    .onItem()
                    .invoke(response -> count(lease, response))
                    .onTermination()
                    .invoke((failure, cancelled) -> lease.close(outlivesStream && (failure != null || cancelled)));
        });
    }

    /**
     * The stream of an answer within a {@linkplain #place place} that is held already: its prompt is charged when it is
     * subscribed to, its tokens as they come.
     *
     * @param promptTokens to be computed
     * @param maximalTokens that may be generated
     */
    public Multi<GenerateResponse> charged(
            Caller caller, int promptTokens, int maximalTokens, Multi<GenerateResponse> responses) {
        return Multi.createFrom().deferred(() -> {
            check(caller, promptTokens, maximalTokens);
            Account account = accountOf(caller);
            account.prompt(promptTokens);
            return responses.onItem().invoke(response -> {
                if (response.hasToken()) {
                    account.charge(1);
                }
            });
        });
    }

    /** A stream that takes a place, and whose work is charged elsewhere. */
    public <T> Multi<T> place(Caller caller, Multi<T> responses) {
        return Multi.createFrom().deferred(() -> {
            QuotaLease lease = admit(caller, 0, 0);
            return responses.onTermination().invoke(() -> lease.close(false));
        });
    }

    private static void count(QuotaLease lease, GenerateResponse response) {
        if (response.hasToken()) {
            lease.generated();
        } else if (response.hasFinished()) {
            lease.finished();
        }
    }

    private CallerLimits limits(Caller caller) {
        return caller.origin() == Origin.KEY ? byKey.getOrDefault(caller.name(), forEverybody) : forEverybody;
    }

    private boolean limited(Caller caller) {
        return !limits(caller).equals(CallerLimits.NONE);
    }

    private synchronized Account account(Caller caller) {
        Account account = accounts.get(caller);
        if (account != null) {
            return account;
        }
        if (accounts.size() >= mostAccounts && !forgetOne()) {
            throw GrpcErrors.busy(
                    "%,d clients are active, as many as this gateway keeps account of".formatted(mostAccounts),
                    NEXT_UNUSED_ACCOUNT);
        }
        Account opened = new Account(caller, limits(caller), clock);
        accounts.put(caller, opened);
        return opened;
    }

    /** Forgets the account that was used longest ago of those that are as good as new. */
    private boolean forgetOne() {
        return accounts.entrySet().stream()
                .filter(entry -> entry.getValue().unused())
                .findFirst()
                .map(unused -> accounts.remove(unused.getKey()))
                .isPresent();
    }
}
