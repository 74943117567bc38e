package io.tributary.media.audio;

/** Reads WAV and FLAC files, told apart by their first bytes, and samples without a header. */
public final class AudioDecoder {
    private static final String RAW = "raw PCM";

    private final AudioLimits limits;

    /** @param limits what a file may cost */
    public AudioDecoder(AudioLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a file: WAV (RIFF) with whole numbers of 8, 16, 24 or 32 bits or floats of 32 or 64, or FLAC (RFC 9639).
     *
     * @throws UnsupportedAudioException when it is neither, or uses a part of its format that is not read
     * @throws MalformedAudioException when it breaks the rules of its format, ends early, or has samples that are not finite
     * @throws AudioTooLargeException when it, or what its header promises, is beyond the limits
     */
    public Sound decode(byte[] file) {
        limits.requireBytes(file.length);
        if (WavFile.isOne(file)) {
            return new WavFile(file, limits).decode();
        }
        if (FlacFile.isOne(file)) {
            return new FlacFile(file, limits).decode();
        }
        throw new UnsupportedAudioException("the sound has " + file.length
                + " bytes and begins neither as a WAV file (RIFF....WAVE) nor as a FLAC file (fLaC)");
    }

    /**
     * Decodes samples without a header.
     *
     * @throws MalformedAudioException when it is not a whole number of frames, or a sample is not finite
     * @throws AudioTooLargeException when it is beyond the limits
     */
    public Sound decode(byte[] samples, PcmFormat format) {
        limits.requireBytes(samples.length);
        limits.requireForm(RAW, format.sampleRate(), format.channels());
        if (samples.length % format.frameBytes() != 0) {
            throw new MalformedAudioException(
                    RAW, samples.length + " bytes are not a whole number of frames of " + format.frameBytes());
        }
        return format.decode(RAW, samples, 0, samples.length, limits);
    }
}
