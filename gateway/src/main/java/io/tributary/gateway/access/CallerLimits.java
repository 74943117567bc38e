package io.tributary.gateway.access;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.tributary.gateway.access.AccessConfiguration.Limits;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What one caller may use of this gateway; where there is no number, there is no limit.
 *
 * @param requestsPerMinute calls a minute
 * @param tokensPerMinute tokens of prompts and answers a minute
 * @param concurrentSessions sessions under way
 * @param promptTokens of one prompt
 * @param outputTokens of one answer
 */
record CallerLimits(
        OptionalInt requestsPerMinute,
        OptionalInt tokensPerMinute,
        OptionalInt concurrentSessions,
        OptionalInt promptTokens,
        OptionalInt outputTokens) {
    static final CallerLimits NONE = new CallerLimits(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** @throws ConfigurationException for a limit below 1 */
    static CallerLimits of(Limits configured) {
        CallerLimits limits = new CallerLimits(
                configured.requestsPerMinute(),
                configured.tokensPerMinute(),
                configured.concurrentSessions(),
                configured.promptTokens(),
                configured.outputTokens());
        limits.all()
                .filter(OptionalInt::isPresent)
                .mapToInt(OptionalInt::getAsInt)
                .forEach(CallerLimits::check);
        return limits;
    }

    /** These, and where one is missing the other's. */
    CallerLimits orElse(CallerLimits other) {
        return new CallerLimits(
                or(requestsPerMinute, other.requestsPerMinute),
                or(tokensPerMinute, other.tokensPerMinute),
                or(concurrentSessions, other.concurrentSessions),
                or(promptTokens, other.promptTokens),
                or(outputTokens, other.outputTokens));
    }

    private Stream<OptionalInt> all() {
        return Stream.of(requestsPerMinute, tokensPerMinute, concurrentSessions, promptTokens, outputTokens);
    }

    private static OptionalInt or(OptionalInt first, OptionalInt second) {
        return first.isPresent() ? first : second;
    }

    private static void check(int limit) {
        if (limit < 1) {
            throw new ConfigurationException(
                    "a limit below tributary.gateway.limits or a key's limits is %d; leave it out for none, or set at least 1"
                            .formatted(limit));
        }
    }
}
