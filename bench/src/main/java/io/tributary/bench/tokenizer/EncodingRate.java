package io.tributary.bench.tokenizer;

import java.util.Arrays;

/**
 * How fast one way to encode was in several rounds.
 *
 * @param name of the way
 * @param megabytesPerSecond median over the rounds, 10^6 bytes of UTF-8
 * @param slowest round
 * @param fastest round
 * @param tokens of the text
 */
record EncodingRate(String name, double megabytesPerSecond, double slowest, double fastest, int tokens) {
    private static final double NANOSECONDS = 1e9;
    private static final double MEGA = 1e6;

    /**
     * Of the times of an odd number of rounds.
     *
     * @param bytes that each round encoded
     */
    static EncodingRate of(String name, long bytes, long[] nanoseconds, int tokens) {
        double[] rates = Arrays.stream(nanoseconds)
                .mapToDouble(time -> bytes * NANOSECONDS / time / MEGA)
                .sorted()
                .toArray();
        return new EncodingRate(name, rates[rates.length / 2], rates[0], rates[rates.length - 1], tokens);
    }
}
