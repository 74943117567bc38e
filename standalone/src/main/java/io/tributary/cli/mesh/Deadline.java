package io.tributary.cli.mesh;

import java.time.Duration;

/**
 * A moment until which something has to have happened.
 *
 * @param nanos on the clock of {@link System#nanoTime()}
 */
record Deadline(long nanos) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean passed() {
        return System.nanoTime() - nanos > 0;
    }
}
