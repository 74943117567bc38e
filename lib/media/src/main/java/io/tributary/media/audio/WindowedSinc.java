package io.tributary.media.audio;

/**
 * The impulse response of a low-pass filter: sinc times a Kaiser window (Kaiser and Schafer, "On the use of the I0-sinh
 * window for spectrum analysis", 1980), over time in samples of the lower of two rates, between points of a table
 * interpolated linearly, which is off by less than 4e-7 of its greatest value.
 */
final class WindowedSinc {
    /** Samples of the lower rate on each side of the middle. */
    static final int HALF_WIDTH = 64;

    /** The middle of the transition, as a part of half the lower rate. */
    private static final double CUT_OFF = 0.95;

    /** For 100 dB: 0.1102 (100 - 8.7); with 128 samples the transition is 0.1 of half the lower rate wide. */
    private static final double BETA = 10.06;

    private static final int POINTS = 1024;
    private static final double[] TABLE = table();

    private WindowedSinc() {}

    /** The response at a time from the middle, 0 from {@link #HALF_WIDTH} on. */
    static double at(double time) {
        double place = Math.abs(time) * POINTS;
        int point = (int) place;
        if (point >= TABLE.length - 1) {
            return 0;
        }
        return TABLE[point] + (place - point) * (TABLE[point + 1] - TABLE[point]);
    }

    private static double[] table() {
        double[] table = new double[HALF_WIDTH * POINTS + 1];
        for (int i = 0; i < table.length; i++) {
            double time = (double) i / POINTS;
            double ratio = time / HALF_WIDTH;
            double window = bessel(BETA * Math.sqrt(1 - ratio * ratio)) / bessel(BETA);
            double angle = Math.PI * CUT_OFF * time;
            table[i] = CUT_OFF * (i == 0 ? 1 : StrictMath.sin(angle) / angle) * window;
        }
        return table;
    }

    /** The modified Bessel function of the first kind and order 0, by its power series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            double factor = x / (2 * k);
            term *= factor * factor;
            sum += term;
        }
        return sum;
    }
}
