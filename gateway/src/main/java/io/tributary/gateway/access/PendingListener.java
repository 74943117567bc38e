package io.tributary.gateway.access;

import io.grpc.Context;
import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events of a call until it is known who makes it. They are few: gRPC delivers no message before one is asked for.
 * All methods run in the call's own Vert.x context, one at a time.
 *
 * @param <I> requests of the call
 */
final class PendingListener<I> extends ServerCall.Listener<I> {
    private final Queue<Consumer<ServerCall.Listener<I>>> waiting = new ArrayDeque<>();
    private final Context context = Context.current();
    private ServerCall.@Nullable Listener<I> listener;

    /** Hands over what has waited, and from now on all else. */
    void deliverTo(ServerCall.Listener<I> known) {
        listener = known;
        for (var event = waiting.poll(); event != null; event = waiting.poll()) {
            Consumer<ServerCall.Listener<I>> next = event;
            context.run(() -> next.accept(known));
        }
    }

    private void on(Consumer<ServerCall.Listener<I>> event) {
        ServerCall.Listener<I> known = listener;
        if (known == null) {
            waiting.add(event);
        } else {
            event.accept(known);
        }
    }

    @Override
    public void onMessage(I message) {
        on(known -> known.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        on(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        on(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
        on(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
        on(ServerCall.Listener::onReady);
    }
}
