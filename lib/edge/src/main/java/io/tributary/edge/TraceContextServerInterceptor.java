package io.tributary.edge;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes the trace context out of the metadata of each call that a service answers. */
@GlobalInterceptor
@ApplicationScoped
public class TraceContextServerInterceptor implements ServerInterceptor {
    static final Metadata.Key<String> TRACEPARENT =
            Metadata.Key.of(TraceContext.TRACEPARENT, Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> TRACESTATE =
            Metadata.Key.of(TraceContext.TRACESTATE, Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata metadata, ServerCallHandler<I, O> next) {
        TraceContext trace = TraceContext.of(metadata.get(TRACEPARENT), metadata.get(TRACESTATE));
        return Contexts.interceptCall(Context.current().withValue(TraceContext.KEY, trace), call, metadata, next);
    }
}
