package io.tributary.decoder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.tributary.decoder.ServedStage.Loaded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The shard's own metrics; they are zero until the stage is loaded. */
@ApplicationScoped
public class ShardMetrics {
    void register(@Observes StartupEvent event, MeterRegistry registry, ServedStage served) {
        gauge(
                registry,
                served,
                "sessions",
                "Sessions with state",
                loaded -> loaded.shard().liveSessions());
        gauge(
                registry,
                served,
                "lanes",
                "Lanes owned",
                loaded -> loaded.shard().lanes().size());
        gauge(
                registry,
                served,
                "kv.pages.used",
                "Pages of keys and values in use",
                loaded -> loaded.stage().keyValueUse().usedPages());
        gauge(
                registry,
                served,
                "kv.pages.shared",
                "Pages of keys and values that several sessions use",
                loaded -> loaded.stage().keyValueUse().sharedPages());
        gauge(
                registry,
                served,
                "kv.pages.cached",
                "Pages of keys and values that no session uses, kept for sessions that begin with the same tokens",
                loaded -> loaded.stage().keyValueUse().cachedPages());
        gauge(
                registry,
                served,
                "kv.pages.total",
                "Pages of keys and values that the budget allows",
                loaded -> loaded.stage().keyValueUse().totalPages());
        gauge(
                registry,
                served,
                "packing.cached.bytes",
                "Bytes of weights that were mapped from the packing cache",
                loaded -> loaded.stage().packing().use().cachedBytes());
        gauge(
                registry,
                served,
                "packing.packed.bytes",
                "Bytes of weights that were packed when the stage was loaded",
                loaded -> loaded.stage().packing().use().packedBytes());
        gauge(
                registry,
                served,
                "log.bytes",
                "Bytes that the topics of the model take",
                loaded -> loaded.shard().logBytes());
        counter(
                registry,
                served,
                "replayed.positions",
                "Positions computed again to rebuild the state of a lane",
                figures -> figures.replayedPositions);
        counter(
                registry,
                served,
                "adopted.positions",
                "Positions whose keys and values other sessions had left",
                figures -> figures.adoptedPositions);
        counter(
                registry,
                served,
                "session.rebuilds",
                "Evicted sessions that were read from the log again",
                figures -> figures.rebuilds);
        counter(
                registry,
                served,
                "late.records",
                "Records dropped because their writer had been replaced",
                figures -> figures.lateRecords);
        counter(
                registry,
                served,
                "duplicate.records",
                "Records dropped because they repeated others",
                figures -> figures.duplicateRecords);
        counter(
                registry,
                served,
                "unreadable.records",
                "Records skipped because they could not be read",
                figures -> figures.unreadableRecords);
        counter(registry, served, "lane.claims", "Lanes taken over", figures -> figures.claims);
        counter(
                registry,
                served,
                "lane.restarts",
                "Lanes started anew because the log had not taken a record",
                figures -> figures.restarts);
    }

    private static void counter(
            MeterRegistry registry,
            ServedStage served,
            String name,
            String description,
            Function<ShardFigures, LongAdder> value) {
        FunctionCounter.builder("tributary.decoder." + name, served, stage -> {
                    Loaded loaded = stage.ifLoaded();
                    return loaded == null
                            ? 0
                            : value.apply(loaded.shard().figures()).sum();
                })
                .description(description)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            ServedStage served,
            String name,
            String description,
            ToDoubleFunction<Loaded> value) {
        Gauge.builder("tributary.decoder." + name, served, stage -> {
                    Loaded loaded = stage.ifLoaded();
                    return loaded == null ? 0 : value.applyAsDouble(loaded);
                })
                .description(description)
                .register(registry);
    }
}
