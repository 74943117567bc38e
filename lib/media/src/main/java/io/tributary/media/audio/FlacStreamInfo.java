package io.tributary.media.audio;

import java.util.HexFormat;

/**
 * The first metadata block of a FLAC file (RFC 9639, section 8.2).
 *
 * @param maximalBlock samples of one channel that a frame has at most
 * @param sampleRate samples a second of a channel
 * @param channels 1 to 8
 * @param bits of a sample, 4 to 32
 * @param samples of one channel, 0 when unknown
 * @param digest MD5 of all samples in lower-case hexadecimal, zeros when unknown
 */
record FlacStreamInfo(int maximalBlock, int sampleRate, int channels, int bits, long samples, String digest) {
    private static final int LEAST_BLOCK = 16;
    private static final int LEAST_BITS = 4;
    private static final int DIGEST_BYTES = 16;
    private static final String UNKNOWN_DIGEST = "00".repeat(DIGEST_BYTES);

    /** Reads the block and compares it with the limits. */
    static FlacStreamInfo read(FlacBits in, AudioLimits limits) {
        in.unsigned(16);
        int maximalBlock = (int) in.unsigned(16);
        in.unsigned(24);
        in.unsigned(24);
        int rate = (int) in.unsigned(20);
        int channels = (int) in.unsigned(3) + 1;
        int bits = (int) in.unsigned(5) + 1;
        long samples = (in.unsigned(4) << Integer.SIZE) | in.unsigned(Integer.SIZE);
        byte[] digest = new byte[DIGEST_BYTES];
        for (int i = 0; i < digest.length; i++) {
            digest[i] = (byte) in.unsigned(Byte.SIZE);
        }
        limits.requireForm(FlacBits.NAME, rate, channels);
        limits.requireDuration(FlacBits.NAME, samples, rate, channels);
        if (maximalBlock < LEAST_BLOCK || bits < LEAST_BITS) {
            throw new MalformedAudioException(
                    FlacBits.NAME,
                    "its header says blocks of " + maximalBlock + " samples of " + bits + " bits; at least "
                            + LEAST_BLOCK + " and " + LEAST_BITS + " are needed");
        }
        return new FlacStreamInfo(
                maximalBlock, rate, channels, bits, samples, HexFormat.of().formatHex(digest));
    }

    boolean hasDigest() {
        return !digest.equals(UNKNOWN_DIGEST);
    }
}
