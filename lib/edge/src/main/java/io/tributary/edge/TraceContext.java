package io.tributary.edge;

import io.grpc.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a call belongs to, as it travels in gRPC metadata and in the headers of log records (W3C Trace
 * Context, Level 1).
 *
 * @param traceparent version, trace id, parent id and flags; null outside a trace
 * @param tracestate what tracing systems add; null if nothing
 */
public record TraceContext(
        @Nullable String traceparent, @Nullable String tracestate) {
    /** The trace context of the gRPC call that is being served. */
    public static final Context.Key<TraceContext> KEY = Context.key("tributary-trace-context");

    static final String TRACEPARENT = "traceparent";
    static final String TRACESTATE = "tracestate";

    private static final TraceContext NONE = new TraceContext(null, null);
    private static final Pattern WELL_FORMED =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int LONGEST_STATE = 512;

    /** The trace context of the current gRPC call, or one without a trace. */
    public static TraceContext current() {
        TraceContext context = KEY.get();
        return context == null ? NONE : context;
    }

    /** Reads what a caller sent; anything malformed means that there is no trace, as the specification asks. */
    public static TraceContext of(@Nullable String traceparent, @Nullable String tracestate) {
        if (traceparent == null || !WELL_FORMED.matcher(traceparent).matches()) {
            return NONE;
        }
        boolean keepState = tracestate != null && tracestate.length() <= LONGEST_STATE;
        return new TraceContext(traceparent, keepState ? tracestate : null);
    }

    /** The trace context that the headers of a log record carry. */
    public static TraceContext of(Map<String, String> headers) {
        return of(headers.get(TRACEPARENT), headers.get(TRACESTATE));
    }

    /** The headers of a log record that belongs to this trace. */
    public Map<String, String> headers() {
        Map<String, String> headers = LinkedHashMap.newLinkedHashMap(2);
        if (traceparent != null) {
            headers.put(TRACEPARENT, traceparent);
        }
        if (tracestate != null) {
            headers.put(TRACESTATE, tracestate);
        }
        return Map.copyOf(headers);
    }
}
