package io.tributary.decoder;

import java.time.Duration;

/**
 * How long requests wait for routers that can be reached but do not answer. The time runs from the first request that found
 * no answer on, whichever request that was: so when it is over the next ones wait for a moment only, until one is answered.
 * Thread-safe.
 */
final class RouterPatience {
    /** Long enough for a router that answers again. */
    private static final Duration LAST_CHANCE = Duration.ofSeconds(1);

    private final Duration timeout;
    private boolean silent;
    private long silentSince;

    RouterPatience(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * A request is begun.
     *
     * @param now of {@link System#nanoTime()}, as the result
     * @return until when it waits
     */
    synchronized long deadline(long now) {
        if (!silent) {
            silent = true;
            silentSince = now;
        }
        long last = now + Math.min(LAST_CHANCE.toNanos(), timeout.toNanos());
        long regular = silentSince + timeout.toNanos();
        return regular - last > 0 ? regular : last;
    }

    /** A router has answered, or there is one again. */
    synchronized void renew() {
        silent = false;
    }
}
