package io.tributary.bench.model;

import java.util.Collection;
import java.util.Locale;

/**
 * What several repetitions gave.
 *
 * @param minimum the slowest
 * @param median the middle one; of an even number the mean of the middle two
 * @param maximum the fastest
 */
record Rates(double minimum, double median, double maximum) {
    /** @param samples at least one */
    static Rates of(Collection<Double> samples) {
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("there is no rate of no repetition");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Rates(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** Median, minimum and maximum in a unit, for a table. */
    String text(double unit) {
        return String.format(Locale.ROOT, "%9.1f (%.1f to %.1f)", median / unit, minimum / unit, maximum / unit);
    }
}
