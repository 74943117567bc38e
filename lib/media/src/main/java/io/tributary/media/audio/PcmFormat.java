package io.tributary.media.audio;

/**
 * What samples without a header are: channels interleaved, little endian.
 *
 * @param encoding of one sample
 * @param sampleRate samples a second of a channel
 * @param channels number of channels
 */
public record PcmFormat(PcmEncoding encoding, int sampleRate, int channels) {
    /** Bytes of one sample of every channel. */
    public int frameBytes() {
        return Math.multiplyExact(encoding.bytes(), channels);
    }

    /**
     * Decodes a range of bytes within the limits.
     *
     * @param name of the file's format, for messages
     * @param length a whole number of frames, within the data
     */
    Sound decode(String name, byte[] data, int offset, int length, AudioLimits limits) {
        int frames = length / frameBytes();
        limits.requireDuration(name, frames, sampleRate, channels);
        float[][] samples = new float[channels][frames];
        int place = offset;
        for (int frame = 0; frame < frames; frame++) {
            for (float[] channel : samples) {
                channel[frame] = finite(name, encoding.sample(data, place), frame);
                place += encoding.bytes();
            }
        }
        return new Sound(samples, sampleRate);
    }

    private static float finite(String name, float sample, int frame) {
        if (!Float.isFinite(sample)) {
            throw new MalformedAudioException(name, "sample " + frame + " is " + sample + "; samples must be finite");
        }
        return sample;
    }
}
