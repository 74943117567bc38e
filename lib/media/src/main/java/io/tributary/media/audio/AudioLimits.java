package io.tributary.media.audio;

/**
 * What sound may cost. A decoder compares the header with this before it takes memory for samples, and what it has decoded
 * with it as it goes on, as headers may lie.
 *
 * <p>Decoding takes at most 12 bytes a sample besides the file: 4 for the result and 8 while its memory grows.
 *
 * @param maximalBytes size of a file
 * @param maximalSeconds duration
 * @param maximalRate samples a second of a channel
 * @param maximalChannels number of channels
 * @param maximalSamples samples of all channels together
 */
public record AudioLimits(
        long maximalBytes, int maximalSeconds, int maximalRate, int maximalChannels, long maximalSamples) {
    /** 64 MiB, 30 minutes, 384 kHz, 8 channels, 64 million samples. */
    public static final AudioLimits DEFAULT = new AudioLimits(64L << 20, 1800, 384_000, 8, 64_000_000);

    private static final long MOST_SAMPLES = Integer.MAX_VALUE / 8;

    /**
     * Checks the limits themselves.
     *
     * @throws IllegalArgumentException when one is not positive, or so many samples do not fit in an array
     */
    public AudioLimits {
        if (maximalBytes < 1 || maximalSeconds < 1 || maximalRate < 1 || maximalChannels < 1) {
            throw new IllegalArgumentException("limits of sound are at least 1, not " + maximalBytes + " bytes, "
                    + maximalSeconds + " seconds, " + maximalRate + " Hz, " + maximalChannels + " channels");
        }
        if (maximalSamples < 1 || maximalSamples > MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "a limit of samples is 1 to " + MOST_SAMPLES + ", not " + maximalSamples);
        }
    }

    void requireBytes(long bytes) {
        if (bytes > maximalBytes) {
            throw new AudioTooLargeException(
                    "the sound has " + bytes + " bytes; at most " + maximalBytes + " are taken");
        }
    }

    void requireForm(String format, long rate, long channels) {
        if (rate < 1 || channels < 1) {
            throw new MalformedAudioException(
                    format, "its header says " + rate + " Hz and " + channels + " channels; both must be at least 1");
        }
        if (rate > maximalRate || channels > maximalChannels) {
            throw new AudioTooLargeException("the header of the " + format + " sound says " + rate + " Hz and "
                    + channels + " channels; at most " + maximalRate + " Hz and " + maximalChannels
                    + " channels are taken");
        }
    }

    /** @param frames samples of one channel; rate and channels have been checked */
    void requireDuration(String format, long frames, int rate, int channels) {
        if (frames > (long) maximalSeconds * rate || frames > maximalSamples / channels) {
            throw new AudioTooLargeException("the " + format + " sound has " + frames + " samples in " + channels
                    + " channels at " + rate + " Hz or more; at most " + maximalSeconds + " seconds and "
                    + maximalSamples + " samples in all are taken");
        }
    }
}
