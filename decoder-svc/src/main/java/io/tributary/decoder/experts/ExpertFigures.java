package io.tributary.decoder.experts;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What an expert shard counts, as metrics. */
final class ExpertFigures {
    private static final String PREFIX = "tributary.decoder.experts.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final DistributionSummary matrices;
    private final Timer time;
    private final Counter refused;

    ExpertFigures(MeterRegistry registry, String model) {
        this.registry = registry;
        this.tags = Tags.of("model_name", model);
        matrices = DistributionSummary.builder(PREFIX + "matrix.rows")
                .description("Rows of the matrices that experts computed")
                .tags(tags)
                .register(registry);
        time = Timer.builder(PREFIX + "matrix.time")
                .description("Time in which experts computed one matrix")
                .tags(tags)
                .register(registry);
        refused = Counter.builder(PREFIX + "refused")
                .description("Works that were answered with an error")
                .tags(tags)
                .register(registry);
    }

    /** A matrix was computed. */
    void computed(int rows, long nanos) {
        matrices.record(rows);
        time.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A work was answered with an error. */
    void refused() {
        refused.increment();
    }

    /** Publishes how the shard stands. */
    void watch(ExpertShard shard) {
        Gauge.builder(PREFIX + "waiting.rows", shard, ExpertShard::waitingRows)
                .description("Rows that wait to be computed")
                .tags(tags)
                .register(registry);
        Gauge.builder(PREFIX + "held", shard, each -> each.experts().size())
                .description("Experts that are held")
                .tags(tags)
                .register(registry);
        Gauge.builder(PREFIX + "weight.bytes", shard, ExpertShard::weightBytes)
                .description("Bytes of memory that the experts take")
                .tags(tags)
                .register(registry);
        Gauge.builder(PREFIX + "routers", shard, ExpertShard::attachedRouters)
                .description("Routers that the shard is attached to")
                .tags(tags)
                .register(registry);
    }
}
