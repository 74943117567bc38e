package io.tributary.edge;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/** Lets each call know when its client takes more messages. */
@GlobalInterceptor
@ApplicationScoped
public class ClientDemandInterceptor implements ServerInterceptor {
    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata metadata, ServerCallHandler<I, O> next) {
        ClientDemand demand = new ClientDemand(call::isReady);
        Context context = Context.current().withValue(ClientDemand.KEY, demand);
        return new SimpleForwardingServerCallListener<>(Contexts.interceptCall(context, call, metadata, next)) {
            @Override
            public void onReady() {
                demand.ready();
                super.onReady();
            }
        };
    }
}
