package io.tributary.media.audio;

import java.util.Arrays;

/**
 * One channel of a FLAC frame (RFC 9639, section 9.2): a constant, samples as they are, or the rest of a linear prediction.
 * Whatever the bits say, every sample stays within its number of bits, so no sum overflows.
 */
final class FlacSubframe {
    private static final int FIXED = 8;
    private static final int MOST_FIXED = 12;
    private static final int LINEAR = 32;
    private static final int MOST_ORDER = 32;
    private static final int INVALID_PRECISION = 16;
    /** The coefficients of the fixed predictors of order 0 to 4. */
    private static final int[][] FIXED_COEFFICIENTS = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

    private final FlacBits in;
    private final int[] coefficients = new int[MOST_ORDER];

    FlacSubframe(FlacBits in) {
        this.in = in;
    }

    /** Reads {@code count} samples of so many bits, up to 33. */
    void read(long[] samples, int count, int bits) {
        if (in.unsigned(1) != 0) {
            throw fault("a channel does not begin with a zero bit");
        }
        int type = (int) in.unsigned(6);
        int wasted = in.unsigned(1) == 0 ? 0 : in.unary() + 1;
        if (wasted >= bits) {
            throw fault(wasted + " bits of " + bits + " are said to be unused");
        }
        readType(type, samples, count, bits - wasted);
        for (int i = 0; i < count; i++) {
            samples[i] <<= wasted;
        }
    }

    private void readType(int type, long[] samples, int count, int bits) {
        if (type == 0) {
            Arrays.fill(samples, 0, count, in.signed(bits));
        } else if (type == 1) {
            readPlain(samples, count, bits);
        } else if (type >= FIXED && type <= MOST_FIXED) {
            readFixed(type - FIXED, samples, count, bits);
        } else if (type >= LINEAR) {
            readLinear(type - LINEAR + 1, samples, count, bits);
        } else {
            throw fault("a channel is of the reserved type " + type);
        }
    }

    private void readPlain(long[] samples, int count, int bits) {
        for (int i = 0; i < count; i++) {
            samples[i] = in.signed(bits);
        }
    }

    private void readFixed(int order, long[] samples, int count, int bits) {
        readWarmUp(order, samples, count, bits);
        System.arraycopy(FIXED_COEFFICIENTS[order], 0, coefficients, 0, order);
        readResidual(order, samples, count);
        predict(order, 0, samples, count, bits);
    }

    private void readLinear(int order, long[] samples, int count, int bits) {
        readWarmUp(order, samples, count, bits);
        int precision = (int) in.unsigned(4) + 1;
        int shift = (int) in.signed(5);
        if (precision == INVALID_PRECISION || shift < 0) {
            throw fault("a prediction has coefficients of " + precision + " bits and a shift by " + shift
                    + "; 1 to 15 and 0 to 15 are possible");
        }
        for (int i = 0; i < order; i++) {
            coefficients[i] = (int) in.signed(precision);
        }
        readResidual(order, samples, count);
        predict(order, shift, samples, count, bits);
    }

    private void readWarmUp(int order, long[] samples, int count, int bits) {
        if (order > count) {
            throw fault("a prediction from " + order + " samples in a frame of " + count);
        }
        readPlain(samples, order, bits);
    }

    /** Reads Rice codes to the samples from {@code order} on (section 9.2.7). */
    private void readResidual(int order, long[] samples, int count) {
        int method = (int) in.unsigned(2);
        if (method > 1) {
            throw fault("a residual is of the reserved coding " + method);
        }
        int parameterBits = 4 + method;
        int partitionOrder = (int) in.unsigned(4);
        int partition = count >> partitionOrder;
        if (partition << partitionOrder != count || partition < order) {
            throw fault(
                    "a residual of " + count + " samples behind " + order + " is cut into " + (1 << partitionOrder));
        }
        int from = order;
        for (int end = partition; end <= count && partition > 0; end += partition) {
            readPartition(samples, from, end, parameterBits);
            from = end;
        }
    }

    private void readPartition(long[] samples, int from, int to, int parameterBits) {
        int parameter = (int) in.unsigned(parameterBits);
        if (parameter == (1 << parameterBits) - 1) {
            int bits = (int) in.unsigned(5);
            for (int i = from; i < to; i++) {
                samples[i] = in.signed(bits);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            long folded = ((long) in.unary() << parameter) | in.unsigned(parameter);
            samples[i] = (folded >>> 1) ^ -(folded & 1);
        }
    }

    private void predict(int order, int shift, long[] samples, int count, int bits) {
        long limit = 1L << (bits - 1);
        for (int i = order; i < count; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += coefficients[j] * samples[i - 1 - j];
            }
            long sample = samples[i] + (sum >> shift);
            if (sample >= limit || sample < -limit) {
                throw fault("a predicted sample does not fit in " + bits + " bits");
            }
            samples[i] = sample;
        }
    }

    private static MalformedAudioException fault(String text) {
        return new MalformedAudioException(FlacBits.NAME, text);
    }
}
