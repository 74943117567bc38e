package io.tributary.chaos.mesh;

import java.util.OptionalDouble;

/** Metrics as a service publishes them. */
final class PrometheusText {
    private PrometheusText() {}

    /**
     * The sum over all series of a metric.
     *
     * @param label a part of the series' labels, like {@code area="heap"}; empty for all
     * @return empty if there is no such series
     */
    static OptionalDouble sum(String text, String metric, String label) {
        double[] values = text.lines()
                .filter(line -> isOf(line, metric) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        return values.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(java.util.Arrays.stream(values).sum());
    }

    private static boolean isOf(String line, String metric) {
        return line.startsWith(metric)
                && line.length() > metric.length()
                && (line.charAt(metric.length()) == '{' || line.charAt(metric.length()) == ' ');
    }
}
