package io.tributary.media.audio;

/**
 * Samples of one or more channels. Those of files of whole numbers lie in [-1, 1), full scale being 1; those of files of
 * floats are as stored, and finite.
 */
public final class Sound {
    private final float[][] channels;
    private final int sampleRate;

    /**
     * @param channels [channels][samples], at least one channel, all equally long; not copied
     * @param sampleRate samples a second of a channel
     * @throws IllegalArgumentException when there is no channel, channels differ in length, or the rate is not positive
     */
    public Sound(float[][] channels, int sampleRate) {
        if (channels.length == 0 || sampleRate < 1) {
            throw new IllegalArgumentException("sound needs at least 1 channel and 1 Hz, not " + channels.length
                    + " channels at " + sampleRate + " Hz");
        }
        for (float[] channel : channels) {
            if (channel.length != channels[0].length) {
                throw new IllegalArgumentException("channels of one sound have " + channels[0].length + " and "
                        + channel.length + " samples; they must be equally long");
            }
        }
        this.channels = channels;
        this.sampleRate = sampleRate;
    }

    /** Number of channels. */
    public int channels() {
        return channels.length;
    }

    /** The samples of one channel, not a copy. */
    public float[] channel(int channel) {
        return channels[channel];
    }

    /** Samples a second of a channel. */
    public int sampleRate() {
        return sampleRate;
    }

    /** Samples of one channel. */
    public int length() {
        return channels[0].length;
    }

    /** Duration in seconds. */
    public double seconds() {
        return (double) length() / sampleRate;
    }

    /** The mean of the channels, [samples]; the samples themselves, not a copy, when there is one channel. */
    public float[] mono() {
        if (channels.length == 1) {
            return channels[0];
        }
        float[] mean = new float[length()];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (float[] channel : channels) {
                sum += channel[i];
            }
            mean[i] = (float) (sum / channels.length);
        }
        return mean;
    }

    /** The mean of the channels at another rate, [ceil(samples * rate / sampleRate)]; see {@link Resampler}. */
    public float[] mono(int rate) {
        return Resampler.between(sampleRate, rate).resample(mono());
    }
}
