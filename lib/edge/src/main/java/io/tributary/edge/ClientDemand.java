package io.tributary.edge;

import io.grpc.Context;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Whether the client of a call takes more messages at present, by the flow control of HTTP/2. Quarkus writes whatever a
 * stream brings, so a stream that may be faster than its client asks here first. Thread-safe.
 */
public final class ClientDemand {
    /** The demand of the gRPC call that is being served. */
    static final Context.Key<ClientDemand> KEY = Context.key("tributary-client-demand");

    private static final ClientDemand UNLIMITED = new ClientDemand(() -> true);

    private final BooleanSupplier ready;
    private final List<Runnable> waiting = new ArrayList<>();

    /** @param ready whether the call takes a message now */
    ClientDemand(BooleanSupplier ready) {
        this.ready = ready;
    }

    /** The demand of the current gRPC call; without a call there is always some. */
    public static ClientDemand current() {
        ClientDemand demand = KEY.get();
        return demand == null ? UNLIMITED : demand;
    }

    /** True as soon as the client takes a message; silent until the call ends if it takes none. */
    public Uni<Boolean> next() {
        return Uni.createFrom().emitter(emitter -> await(() -> emitter.complete(true)));
    }

    private void await(Runnable taken) {
        synchronized (this) {
            if (!ready.getAsBoolean()) {
                waiting.add(taken);
                return;
            }
        }
        taken.run();
    }

    /** The call takes messages again. */
    void ready() {
        List<Runnable> released;
        synchronized (this) {
            released = List.copyOf(waiting);
            waiting.clear();
        }
        released.forEach(Runnable::run);
    }
}
