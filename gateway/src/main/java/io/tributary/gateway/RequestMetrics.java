package io.tributary.gateway;

import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The metrics of the requests that generate text. */
@ApplicationScoped
public class RequestMetrics {
    private final MeterRegistry registry;
    private final ConcurrentMap<String, RequestMeters> byModel = new ConcurrentHashMap<>();
    private final Map<Status.Code, Counter> refused = new EnumMap<>(Status.Code.class);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    @Inject
    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Status.Code code : Status.Code.values()) {
            if (code != Status.Code.OK) {
                refused.put(code, refusal(code));
            }
        }
    }

    private Counter refusal(Status.Code code) {
        return Counter.builder("tributary.gateway.requests.refused")
                .description("Requests that ended before their session began, by gRPC status")
                .tag("code", code.name())
                .register(registry);
    }

    /** The meters of a model, which are published from now on. */
    RequestMeters of(String model) {
        return byModel.computeIfAbsent(model, this::register);
    }

    private RequestMeters register(String model) {
        gauge("running", "Requests whose session has begun and that have not ended", model, running);
        gauge("waiting", "Requests whose session has not begun", model, waiting);
        return new RequestMeters(registry, model);
    }

    private void gauge(String state, String description, String model, AtomicInteger value) {
        Gauge.builder("vllm:num_requests_" + state, value, AtomicInteger::get)
                .description(description)
                .tag("model_name", model)
                .register(registry);
    }

    /** A request has come. */
    void arrived() {
        waiting.incrementAndGet();
    }

    /** The session of a request has begun. */
    void began() {
        waiting.decrementAndGet();
        running.incrementAndGet();
    }

    /** A request that had begun has ended. */
    void ended() {
        running.decrementAndGet();
    }

    /** A request has ended that never began. */
    void refused(Throwable reason) {
        waiting.decrementAndGet();
        Counter counter = refused.get(
                Status.fromThrowable(GatewayErrors.translate(reason)).getCode());
        if (counter != null) {
            counter.increment();
        }
    }
}
