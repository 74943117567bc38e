package io.tributary.decoder;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.tributary.decoder.ServedStage.Loaded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
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
