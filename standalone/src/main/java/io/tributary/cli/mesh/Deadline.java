package io.tributary.cli.mesh;

import java.time.Duration;

/**
 * A moment until which something has to have happened.
 *
 * @param nanos on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanos) {
    /** The moment that is so far away. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Whether it is over. */
    public boolean passed() {
        return System.nanoTime() - nanos > 0;
    }
}
