package io.tributary.router;

import java.time.Duration;

/**
 * The bounds of a router; times in nanoseconds.
 *
 * @param groupingWindow how long a request waits for others of its layer
 * @param windowRows rows that are gated together
 * @param streamRows rows of a stream under way before no more are read
 * @param allRows rows of all streams under way before no more are read
 * @param messageBytes bytes of rows in a message to a shard
 * @param requestTimeout after which a request fails
 * @param workTimeout after which work goes to another shard
 * @param attempts of the same rows at shards
 * @param retryDelay the first pause before a shard is asked again for what it has failed
 * @param hedgeDelay the shortest time before a second replica is asked
 * @param hedgeFactor multiple of the median before a second replica is asked
 * @param absenceTimeout how long an expert may have no replica before requests fail at once
 * @param heartbeatInterval of shards
 * @param silenceTimeout after which a shard is given up
 */
record RouterLimits(
        long groupingWindow,
        int windowRows,
        int streamRows,
        int allRows,
        int messageBytes,
        long requestTimeout,
        long workTimeout,
        int attempts,
        Duration retryDelay,
        long hedgeDelay,
        double hedgeFactor,
        long absenceTimeout,
        long heartbeatInterval,
        long silenceTimeout) {

    RouterLimits {
        if (hedgeFactor < 1 || silenceTimeout < 2 * heartbeatInterval) {
            throw new IllegalArgumentException("tributary.router.hedge-factor is " + hedgeFactor
                    + " but must be at least 1, and silence-timeout at least two heartbeat-intervals");
        }
    }

    /** @throws IllegalArgumentException for a value that allows no work; the message names the property */
    static RouterLimits of(RouterConfiguration configuration) {
        return new RouterLimits(
                positive("grouping-window", configuration.groupingWindow()),
                positive("max-window-rows", configuration.maxWindowRows()),
                positive("max-rows-per-stream", configuration.maxRowsPerStream()),
                positive("max-rows", configuration.maxRows()),
                messageBytes(configuration.maxMessageSize().asLongValue()),
                positive("request-timeout", configuration.requestTimeout()),
                positive("work-timeout", configuration.workTimeout()),
                positive("max-attempts", configuration.maxAttempts()),
                Duration.ofNanos(positive("retry-delay", configuration.retryDelay())),
                positive("hedge-delay", configuration.hedgeDelay()),
                configuration.hedgeFactor(),
                positive("absence-timeout", configuration.absenceTimeout()),
                positive("heartbeat-interval", configuration.heartbeatInterval()),
                positive("silence-timeout", configuration.silenceTimeout()));
    }

    private static int messageBytes(long value) {
        if (value < 1 || value > LogTransport.MOST_BYTES) {
            throw new IllegalArgumentException("tributary.router.max-message-size is " + value
                    + " bytes but must be 1 to " + LogTransport.MOST_BYTES);
        }
        return (int) value;
    }

    private static int positive(String property, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "tributary.router." + property + " is " + value + " but must be positive");
        }
        return value;
    }

    private static long positive(String property, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "tributary.router." + property + " is " + value + " but must be positive");
        }
        return value.toNanos();
    }
}
