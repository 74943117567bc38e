package io.tributary.router;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What the router counts. Safe for use by many threads. */
final class RouterFigures {
    private static final double[] POWERS_OF_TWO = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
    private static final Duration[] LATENCIES = LongStream.of(
                    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
                    5_000_000)
            .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
            .toArray(Duration[]::new);

    private final Counter requests;
    private final Counter rows;
    private final Counter refusals;
    private final Counter failures;
    private final Counter retries;
    private final Counter hedges;
    private final DistributionSummary windowRows;
    private final DistributionSummary windowRequests;
    private final DistributionSummary expertRows;
    private final Timer dispatch;

    RouterFigures(MeterRegistry registry) {
        requests = counter(registry, "requests", "Requests that came");
        rows = counter(registry, "rows", "Positions of requests that were taken");
        refusals = counter(registry, "refusals", "Requests that were refused as a whole");
        failures = counter(registry, "failures", "Sequences of requests that failed");
        retries = counter(registry, "retries", "Rows of an expert that were given to a shard once more");
        hedges = counter(registry, "hedges", "Rows of an expert that a second replica was asked for");
        windowRows = summary(registry, "window.rows", "Positions that were gated together");
        windowRequests = summary(registry, "window.requests", "Requests that were gated together");
        expertRows = summary(registry, "expert.rows", "Rows that an expert was given together");
        dispatch = Timer.builder("tributary.router.dispatch")
                .description("From sending work to an expert shard to its result")
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    void arrived() {
        requests.increment();
    }

    void taken(int positions) {
        rows.increment(positions);
    }

    void refused() {
        refusals.increment();
    }

    void failed(int sequences) {
        failures.increment(sequences);
    }

    void retried() {
        retries.increment();
    }

    void hedged() {
        hedges.increment();
    }

    void window(int together, int positions) {
        windowRequests.record(together);
        windowRows.record(positions);
    }

    void portion(int together) {
        expertRows.record(together);
    }

    void answered(long nanos) {
        dispatch.record(nanos, TimeUnit.NANOSECONDS);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("tributary.router." + name)
                .description(description)
                .register(registry);
    }

    private static DistributionSummary summary(MeterRegistry registry, String name, String description) {
        return DistributionSummary.builder("tributary.router." + name)
                .description(description)
                .serviceLevelObjectives(POWERS_OF_TWO)
                .register(registry);
    }
}
