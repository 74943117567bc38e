package io.tributary.chaos.report;

import java.util.Collection;

/** Percentiles by nearest rank: always one of the values. */
public final class Percentiles {
    private static final double PERCENT = 100;

    private Percentiles() {}

    /**
     * The least value that so many percent of the values do not exceed; 0 of none.
     *
     * @param percent above 0, up to 100
     */
    public static long of(Collection<Long> values, double percent) {
        if (percent <= 0 || percent > PERCENT) {
            throw new IllegalArgumentException("percent is %s; above 0, up to 100 is possible".formatted(percent));
        }
        if (values.isEmpty()) {
            return 0;
        }
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        int rank = (int) Math.ceil(percent / PERCENT * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }
}
