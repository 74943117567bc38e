package io.tributary.media.image;

/**
 * The weights of one pass of a resize in fixed point, as Pillow computes them (Resample.c, precompute_coeffs and
 * normalize_coeffs_8bpc): the filter of a picture that shrinks is widened by as much, so that all pixels count.
 */
final class ResampleWeights {
    /** Bits after the point: 32 less 8 of a sample less 2, as weights may be negative and add up to more than 1. */
    static final int FRACTION_BITS = 32 - 8 - 2;

    private final int[] firsts;
    private final int[] ends;
    private final int[] weights;
    private final int stride;

    /**
     * Weights for some of the pixels of a line.
     *
     * @param inputs length of the line before
     * @param outputs length of the line after
     * @param from first pixel of the new line that is wanted
     * @param count how many are wanted
     */
    ResampleWeights(int inputs, int outputs, int from, int count, Resampling filter) {
        double scale = (double) inputs / outputs;
        double widening = Math.max(scale, 1);
        double support = filter.support() * widening;
        this.stride = (int) Math.min(2 * Math.ceil(support) + 1, inputs);
        this.firsts = new int[count];
        this.ends = new int[count];
        this.weights = new int[Math.multiplyExact(count, stride)];
        double[] exact = new double[stride];
        for (int pixel = 0; pixel < count; pixel++) {
            double centre = (from + pixel + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int taps = Math.min(inputs, (int) (centre + support + 0.5)) - first;
            double sum = 0;
            for (int tap = 0; tap < taps; tap++) {
                exact[tap] = filter.weight((tap + first - centre + 0.5) * (1 / widening));
                sum += exact[tap];
            }
            firsts[pixel] = first;
            ends[pixel] = first + taps;
            store(exact, taps, sum, pixel * stride);
        }
    }

    private void store(double[] exact, int taps, double sum, int at) {
        for (int tap = 0; tap < taps; tap++) {
            double weight = (sum == 0 ? exact[tap] : exact[tap] / sum) * (1 << FRACTION_BITS);
            weights[at + tap] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
        }
    }

    int count() {
        return firsts.length;
    }

    /** The first old pixel that a new one is made of. */
    int first(int pixel) {
        return firsts[pixel];
    }

    /** The old pixel after the last that a new one is made of. */
    int end(int pixel) {
        return ends[pixel];
    }

    /** @param old from {@link #first} to before {@link #end} of the new pixel */
    int weight(int pixel, int old) {
        return weights[pixel * stride + old - firsts[pixel]];
    }
}
