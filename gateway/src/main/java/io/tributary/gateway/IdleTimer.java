package io.tributary.gateway;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does something when nothing has happened for a while. Thread-safe. */
final class IdleTimer {
    private final Duration after;
    private final Runnable action;
    private @Nullable Future<?> scheduled;
    private boolean closed;

    IdleTimer(Duration after, Runnable action) {
        this.after = after;
        this.action = action;
    }

    /** Begins to wait, anew if it was waiting. */
    synchronized void start() {
        stop();
        if (closed) {
            return;
        }
        scheduled = Infrastructure.getDefaultWorkerPool().schedule(action, after.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops waiting for good. */
    synchronized void close() {
        closed = true;
        stop();
    }

    /** Stops waiting. */
    synchronized void stop() {
        Future<?> current = scheduled;
        if (current != null) {
            current.cancel(false);
            scheduled = null;
        }
    }
}
