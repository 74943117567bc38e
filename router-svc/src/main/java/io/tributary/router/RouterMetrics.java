package io.tributary.router;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.function.ToDoubleFunction;

/** How the router stands, as metrics; they are zero until it is loaded. */
@ApplicationScoped
public class RouterMetrics {
    void register(@Observes StartupEvent event, MeterRegistry registry, ServedRouter served) {
        gauge(
                registry,
                served,
                "shards.attached",
                "Expert shards that are attached",
                router -> router.directory().standing().shards());
        gauge(
                registry,
                served,
                "experts.absent",
                "Experts of all layers that no attached shard holds",
                router -> router.directory().standing().absentExperts());
        gauge(registry, served, "rows.under.way", "Positions of requests that are not answered", Router::rowsUnderWay);
    }

    private static void gauge(
            MeterRegistry registry,
            ServedRouter served,
            String name,
            String description,
            ToDoubleFunction<Router> value) {
        Gauge.builder("tributary.router." + name, served, each -> {
                    RunningRouter running = each.ifRunning();
                    return running == null ? 0 : value.applyAsDouble(running.router());
                })
                .description(description)
                .register(registry);
    }
}
