package io.tributary.media.audio;

import java.util.Arrays;

/**
 * A sound that is resampled as its pieces come; all outputs together have the bits that {@link Resampler#resample} gives the
 * whole. Keeps the samples that outputs to come need, about twice {@link Resampler#latency}. For one thread.
 */
public final class ResamplingStream {
    private final Resampler resampler;
    private final double[] scratch;
    private float[] held;
    private int count;
    /** The input sample that {@code held[0]} is. */
    private long first;

    private long received;
    private long produced;
    private boolean finished;

    ResamplingStream(Resampler resampler) {
        this.resampler = resampler;
        this.scratch = new double[resampler.taps()];
        this.held = new float[resampler.before()];
        this.count = resampler.before();
        this.first = -resampler.before();
    }

    /**
     * Takes the next samples and returns what is known by now, maybe nothing.
     *
     * @throws IllegalStateException after {@link #finish}
     */
    public float[] push(float[] samples) {
        if (finished) {
            throw new IllegalStateException("the resampled sound has been finished");
        }
        received += samples.length;
        append(samples);
        return produce(Long.MAX_VALUE);
    }

    /**
     * Ends the sound and returns the last samples.
     *
     * @throws IllegalStateException when called twice
     */
    public float[] finish() {
        if (finished) {
            throw new IllegalStateException("the resampled sound has been finished");
        }
        finished = true;
        append(new float[resampler.taps()]);
        return produce(resampler.length(received));
    }

    private void append(float[] samples) {
        if (count + samples.length > held.length) {
            held = Arrays.copyOf(held, Math.addExact(count, samples.length));
        }
        System.arraycopy(samples, 0, held, count, samples.length);
        count += samples.length;
    }

    private float[] produce(long end) {
        long reach = first + count;
        float[] output = new float[outputs(reach, end)];
        for (int i = 0; i < output.length; i++) {
            output[i] = sum(produced++);
        }
        int used = (int) Math.min(count, resampler.inputOf(produced) - resampler.before() - first);
        System.arraycopy(held, used, held, 0, count - used);
        held = Arrays.copyOf(held, count - used);
        count -= used;
        first += used;
        return output;
    }

    /** How many outputs have all their inputs before {@code reach}. */
    private int outputs(long reach, long end) {
        long usable = reach + resampler.before() - resampler.taps() + 1;
        return Math.toIntExact(Math.max(0, Math.min(end, resampler.length(usable)) - produced));
    }

    private float sum(long output) {
        double[] coefficients = resampler.coefficients(output, scratch);
        int from = (int) (resampler.inputOf(output) - resampler.before() - first);
        double sum = 0;
        for (int tap = 0; tap < coefficients.length; tap++) {
            sum += coefficients[tap] * held[from + tap];
        }
        return (float) sum;
    }
}
