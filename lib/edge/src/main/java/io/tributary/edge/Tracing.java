package io.tributary.edge;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans below the trace context that a call or a record brought, and trace contexts out of spans. Parents are always
 * given, never taken from the thread, since a request changes threads. Safe for use by many threads.
 */
public final class Tracing {
    private static final String SCOPE = "io.tributary";
    private static final W3CTraceContextPropagator FORMAT = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> GETTER = new HeaderGetter();
    private static final TextMapSetter<Map<String, String>> SETTER = (headers, name, value) -> {
        if (headers != null) {
            headers.put(name, value);
        }
    };

    private final Tracer tracer;
    private final boolean enabled;

    private Tracing(OpenTelemetry telemetry, boolean enabled) {
        this.tracer = telemetry.getTracer(SCOPE);
        this.enabled = enabled;
    }

    /** Makes spans that go to the exporters of this OpenTelemetry. */
    public static Tracing with(OpenTelemetry telemetry) {
        return new Tracing(telemetry, true);
    }

    /** Makes no spans: trace contexts are handed on as they come. */
    public static Tracing off() {
        return new Tracing(OpenTelemetry.noop(), false);
    }

    /** Whether spans are made. */
    public boolean enabled() {
        return enabled;
    }

    /**
     * A span to be started.
     *
     * @param parent of it; without a traceparent the span begins a trace of its own
     */
    public SpanBuilder span(String name, TraceContext parent) {
        return tracer.spanBuilder(name).setParent(FORMAT.extract(Context.root(), parent.headers(), GETTER));
    }

    /**
     * What calls and records carry that belong to a span.
     *
     * @param parent what the span was made below: carried on as it is while tracing is off
     */
    public TraceContext within(Span span, TraceContext parent) {
        if (!enabled) {
            return parent;
        }
        Map<String, String> headers = HashMap.newHashMap(2);
        FORMAT.inject(Context.root().with(span), headers, SETTER);
        return TraceContext.of(headers);
    }

    private static final class HeaderGetter implements TextMapGetter<Map<String, String>> {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    }
}
