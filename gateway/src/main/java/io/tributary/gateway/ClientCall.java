package io.tributary.gateway;

import io.grpc.Context;
import io.tributary.edge.ClientDemand;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.access.Caller;
import java.util.concurrent.Executor;

/**
 * What belongs to the call that is being served.
 *
 * @param inCall subscribes as a part of the call, so that its trace and its end go along
 * @param trace of the call
 * @param demand whether its client takes more messages
 * @param caller who makes it
 */
record ClientCall(Executor inCall, TraceContext trace, ClientDemand demand, Caller caller) {
    /** The call that this thread serves. */
    static ClientCall current() {
        return new ClientCall(
                Context.current().fixedContextExecutor(Runnable::run),
                TraceContext.current(),
                ClientDemand.current(),
                Caller.current());
    }

    /** The same call, but what it calls belongs to that trace. */
    ClientCall within(TraceContext span) {
        Executor traced = task -> inCall.execute(
                () -> Context.current().withValue(TraceContext.KEY, span).run(task));
        return new ClientCall(traced, span, demand, caller);
    }
}
