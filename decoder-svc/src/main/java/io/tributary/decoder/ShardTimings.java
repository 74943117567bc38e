package io.tributary.decoder;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tributary.log.LogRecord;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * What a shard times, as histograms with fixed buckets. To record allocates nothing. Used by the shard's thread.
 *
 * <p>{@code vllm:request_queue_time_seconds} is vLLM's, of the stage that sessions come to first: how long a session waits to
 * be scheduled. Both ends of it are taken by this process's clock.
 */
final class ShardTimings {
    private static final Duration[] SHORT = microseconds(
            100,
            250,
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000);
    private static final Duration[] LONG = milliseconds(
            1, 5, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000);
    private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

    private final boolean first;
    private final Timer hop;
    private final Timer pass;
    private final DistributionSummary passRows;
    private final Timer replay;
    private final Timer queue;

    /** @param registry where the histograms are published, with the model's name and the stage */
    ShardTimings(MeterRegistry registry, StageModel model) {
        Tags tags = StageMetrics.tags(model);
        this.first = model.range().first();
        this.hop = timer("tributary.decoder.hop", "From a record's append until this stage reads it", LONG)
                .tags(tags)
                .register(registry);
        this.pass = timer("tributary.decoder.pass", "A forward pass through the layers of the stage", SHORT)
                .tags(tags)
                .register(registry);
        this.passRows = DistributionSummary.builder("tributary.decoder.pass.rows")
                .description("Positions that a forward pass computes")
                .serviceLevelObjectives(ROWS)
                .tags(tags)
                .register(registry);
        this.replay = timer("tributary.decoder.replay", "From taking lanes over until their state is rebuilt", LONG)
                .tags(tags)
                .register(registry);
        this.queue = timer(
                        "vllm:request_queue_time_seconds", "From a session's opening to its first forward pass", LONG)
                .tags(tags)
                .register(registry);
    }

    private static Timer.Builder timer(String name, String description, Duration[] buckets) {
        return Timer.builder(name).description(description).serviceLevelObjectives(buckets);
    }

    private static Duration[] microseconds(long... values) {
        return LongStream.of(values)
                .mapToObj(value -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(value)))
                .toArray(Duration[]::new);
    }

    private static Duration[] milliseconds(long... values) {
        return LongStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    /**
     * A record that brings work has been read.
     *
     * @param nowMillis time of the day; clocks of two machines may differ, and a hop is never negative
     */
    void read(LogRecord<?> laneRecord, long nowMillis) {
        hop.record(Math.max(0, nowMillis - laneRecord.timestampMillis()), TimeUnit.MILLISECONDS);
    }

    /** A forward pass of so many positions is over. */
    void passed(int rows, long nanos) {
        pass.record(nanos, TimeUnit.NANOSECONDS);
        passRows.record(rows);
    }

    /** The state of lanes that were taken over is rebuilt. */
    void replayed(long nanos) {
        replay.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The first positions of a session go into a pass. */
    void scheduled(ShardSession session) {
        if (first) {
            queue.record(System.nanoTime() - session.openedNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
