package io.tributary.decoder;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.tributary.edge.RouterAddress;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A channel to one router and, from the first request on, a stream of requests over it. */
final class RouterConnection implements AutoCloseable {
    private final RouterAddress router;
    private final ManagedChannel channel;
    private final Runnable answered;
    private @Nullable RouteStream stream;

    /** @param answered run with each answer, by any thread */
    RouterConnection(RouterAddress router, ManagedChannel channel, Runnable answered) {
        this.router = router;
        this.channel = channel;
        this.answered = answered;
    }

    RouterAddress router() {
        return router;
    }

    /** Whether there is a connection. */
    boolean ready() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    /** Connects if there is no connection, without waiting for the pause after a failure. */
    void connect() {
        if (channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
    }

    /** Runs, by any thread, whenever the connection comes or goes, until it is closed. */
    void onChange(Runnable listener) {
        ConnectivityState state = channel.getState(false);
        if (state != ConnectivityState.SHUTDOWN) {
            channel.notifyWhenStateChanged(state, () -> {
                listener.run();
                onChange(listener);
            });
        }
    }

    /** Asks the router; for one thread. The answer fails when the stream breaks. */
    CompletableFuture<RouteResponse> ask(RouteRequest request) {
        RouteStream current = stream;
        if (current == null || current.ended()) {
            current = new RouteStream(channel, answered);
            stream = current;
        }
        return current.ask(request);
    }

    /** Nobody waits for the answer any more; for the thread that asks. */
    void forget(long requestId) {
        if (stream != null) {
            stream.forget(requestId);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
