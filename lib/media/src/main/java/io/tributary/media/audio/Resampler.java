package io.tributary.media.audio;

import java.util.Arrays;

/**
 * Sound at another rate, by a polyphase filter with a windowed sinc (Crochiere and Rabiner, "Multirate Digital Signal
 * Processing", 1983). It is the same for every pair of rates: flat to 0.9 of half the lower rate, 100 dB down from half the
 * lower rate on, so that nothing folds back, without delay of phase. Sample n of the output lies at the time n / outputRate of
 * the input, before and behind which there is silence; n samples give ceil(n * outputRate / inputRate). The coefficients of
 * every phase add up to 1, so that a constant stays what it is.
 *
 * <p>Each output is one sum in ascending order of the input, whatever the pieces the input comes in. Immutable.
 */
public final class Resampler {
    /** The highest rate on either side. */
    public static final int MAXIMAL_RATE = 1 << 20;

    /** Coefficients that are computed once, at most 8 MB; with more, those of a phase are computed when it is needed. */
    private static final long KEPT_COEFFICIENTS = 1 << 20;

    private final int up;
    private final int down;
    private final double scale;
    private final int half;
    private final double[][] phases;

    private Resampler(int up, int down) {
        this.up = up;
        this.down = down;
        this.scale = Math.min(1, (double) up / down);
        this.half = up == down ? 0 : (int) Math.ceil(WindowedSinc.HALF_WIDTH / scale);
        this.phases = (long) up * taps() <= KEPT_COEFFICIENTS ? new double[up][taps()] : new double[0][];
        for (int phase = 0; phase < phases.length; phase++) {
            fill(phase, phases[phase]);
        }
    }

    /**
     * A resampler from one rate to another.
     *
     * @throws IllegalArgumentException when a rate is not 1 to {@link #MAXIMAL_RATE}
     */
    public static Resampler between(int inputRate, int outputRate) {
        if (Math.min(inputRate, outputRate) < 1 || Math.max(inputRate, outputRate) > MAXIMAL_RATE) {
            throw new IllegalArgumentException(
                    "resampling from " + inputRate + " to " + outputRate + " Hz; rates are 1 to " + MAXIMAL_RATE);
        }
        int divisor = greatestCommonDivisor(inputRate, outputRate);
        return new Resampler(outputRate / divisor, inputRate / divisor);
    }

    /** Input samples that must follow an instant before its output is known: 64 samples of the lower rate, 0 for equal rates. */
    public int latency() {
        return half;
    }

    /** The number of output samples of so many input samples. */
    public long length(long samples) {
        return Math.ceilDiv(Math.multiplyExact(samples, up), down);
    }

    /** Resamples a whole sound; does not change its argument. */
    public float[] resample(float[] samples) {
        ResamplingStream stream = stream();
        float[] first = stream.push(samples);
        float[] rest = stream.finish();
        float[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    /** Begins to resample a sound that comes in pieces. */
    public ResamplingStream stream() {
        return new ResamplingStream(this);
    }

    /** Coefficients of one phase. */
    int taps() {
        return up == down ? 1 : 2 * half;
    }

    /** Input samples before the one at or before an output's time that its sum begins with. */
    int before() {
        return up == down ? 0 : half - 1;
    }

    /** The input sample at or before the time of an output. */
    long inputOf(long output) {
        return Math.multiplyExact(output, down) / up;
    }

    /** The coefficients for an output, in the given array or an own one. */
    double[] coefficients(long output, double[] scratch) {
        int phase = (int) (Math.multiplyExact(output, down) % up);
        if (phases.length > 0) {
            return phases[phase];
        }
        fill(phase, scratch);
        return scratch;
    }

    private void fill(int phase, double[] coefficients) {
        double time = (double) phase / up;
        double sum = 0;
        for (int tap = 0; tap < coefficients.length; tap++) {
            coefficients[tap] = WindowedSinc.at((tap - before() - time) * scale);
            sum += coefficients[tap];
        }
        for (int tap = 0; tap < coefficients.length; tap++) {
            coefficients[tap] /= sum;
        }
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
