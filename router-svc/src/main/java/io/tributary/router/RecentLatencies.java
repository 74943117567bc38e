package io.tributary.router;

import java.util.Arrays;

/**
 * How long recent works took, those of about as many rows together: a shard reads the weights of its experts for a single row
 * too, so time is not in proportion to rows. Lives on the loop.
 */
final class RecentLatencies {
    private static final int KEPT = 31;
    /** Fewer say nothing about what is usual. */
    private static final int LEAST = 5;

    private final long[][] nanos = new long[Integer.SIZE][KEPT];
    private final int[] counts = new int[Integer.SIZE];

    void record(int rows, long latency) {
        int size = size(rows);
        nanos[size][counts[size] % KEPT] = latency;
        // From the second round on the count only says which one is replaced.
        counts[size] = counts[size] == 2 * KEPT - 1 ? KEPT : counts[size] + 1;
    }

    /** The median of works of about so many rows, or -1 while too few are known. */
    long median(int rows) {
        int size = size(rows);
        int known = Math.min(KEPT, counts[size]);
        if (known < LEAST) {
            return -1;
        }
        long[] sorted = Arrays.copyOf(nanos[size], known);
        Arrays.sort(sorted);
        return sorted[known / 2];
    }

    private static int size(int rows) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rows);
    }
}
