package io.tributary.gateway.access;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What may be used a minute: full at first, filled evenly. May be overdrawn. For one thread at a time. */
final class TokenBucket {
    private static final double NANOSECONDS_PER_MINUTE = 60e9;

    private final double capacity;
    private final LongSupplier clock;
    private double level;
    private long updated;

    /**
     * @param perMinute also what a full bucket holds; at least 1
     * @param clock nanoseconds
     */
    TokenBucket(int perMinute, LongSupplier clock) {
        this.capacity = perMinute;
        this.clock = clock;
        this.level = capacity;
        this.updated = clock.getAsLong();
    }

    /** How long to wait until so much can be taken; zero if it can be now. More than the capacity is never there. */
    Duration until(int amount) {
        fill();
        double missing = amount - level;
        return missing <= 0
                ? Duration.ZERO
                : Duration.ofNanos((long) Math.ceil(missing * NANOSECONDS_PER_MINUTE / capacity));
    }

    /** Takes so much, below zero if it is not there. */
    void take(int amount) {
        fill();
        level -= amount;
    }

    boolean full() {
        fill();
        return level >= capacity;
    }

    private void fill() {
        long now = clock.getAsLong();
        level = Math.min(capacity, level + (now - updated) * (capacity / NANOSECONDS_PER_MINUTE));
        updated = now;
    }
}
