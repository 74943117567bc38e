package io.tributary.gateway.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;

/**
 * Lets calls of known callers through, and counts them. It stands before every gRPC service of the process but health, so
 * before those of the whole mesh where one process is all of it.
 */
@GlobalInterceptor
@ApplicationScoped
public class AccessInterceptor implements ServerInterceptor, Prioritized {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String HEALTH = "grpc.health.v1.Health";

    /** Outside of the other interceptors of ours, inside of those that set up a call's context. */
    private static final int PRIORITY = 1000;

    private final Authentication authentication;
    private final Quotas quotas;

    @Inject
    AccessInterceptor(Authentication authentication, Quotas quotas) {
        this.authentication = authentication;
        this.quotas = quotas;
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata metadata, ServerCallHandler<I, O> next) {
        if (HEALTH.equals(call.getMethodDescriptor().getServiceName())) {
            return next.startCall(call, metadata);
        }
        PendingListener<I> pending = new PendingListener<>();
        Context context = Context.current();
        authentication
                .callerOf(metadata.get(AUTHORIZATION))
                .invoke(quotas::request)
                .emitOn(CallContext.current())
                .map(caller -> Contexts.interceptCall(caller.in(context), call, metadata, next))
                .subscribe()
                .with(pending::deliverTo, refusal -> refuse(call, refusal));
        return pending;
    }

    private static void refuse(ServerCall<?, ?> call, Throwable refusal) {
        Metadata trailers = Status.trailersFromThrowable(refusal);
        call.close(Status.fromThrowable(refusal), trailers == null ? new Metadata() : trailers);
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }
}
