package io.tributary.edge;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/** Puts the trace context of the call being served into the calls that it makes. */
@GlobalInterceptor
@ApplicationScoped
public class TraceContextClientInterceptor implements ClientInterceptor {
    @Override
    public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
        TraceContext trace = TraceContext.current();
        return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<O> listener, Metadata metadata) {
                if (trace.traceparent() != null) {
                    metadata.put(TraceContextServerInterceptor.TRACEPARENT, trace.traceparent());
                }
                if (trace.tracestate() != null) {
                    metadata.put(TraceContextServerInterceptor.TRACESTATE, trace.tracestate());
                }
                super.start(listener, metadata);
            }
        };
    }
}
