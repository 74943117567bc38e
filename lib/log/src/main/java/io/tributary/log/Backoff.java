package io.tributary.log;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between attempts: each up to twice as long as the one before, to a limit, and never as long as another's. */
public final class Backoff {
    private final long longestNanos;
    private long nextNanos;

    /**
     * @param first length of the first pause at most
     * @param longest length of any pause at most
     */
    public Backoff(Duration first, Duration longest) {
        this.nextNanos = first.toNanos();
        this.longestNanos = longest.toNanos();
    }

    /** The next pause, between half its length and all of it. */
    public Duration next() {
        long half = nextNanos / 2;
        nextNanos = Math.min(longestNanos, 2 * nextNanos);
        return Duration.ofNanos(half + ThreadLocalRandom.current().nextLong(half + 1));
    }
}
