package io.tributary.media.audio;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A FLAC file (RFC 9639). Samples are taken only when the frame's checksum is right, and at the end when the digest of all of
 * them is.
 */
final class FlacFile {
    private static final byte[] MARKER = {'f', 'L', 'a', 'C'};
    private static final int STREAM_INFO = 0;
    private static final int STREAM_INFO_BYTES = 34;
    private static final int FORBIDDEN = 127;

    private final byte[] file;
    private final AudioLimits limits;

    FlacFile(byte[] file, AudioLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    static boolean isOne(byte[] file) {
        return file.length >= MARKER.length && Arrays.equals(file, 0, MARKER.length, MARKER, 0, MARKER.length);
    }

    Sound decode() {
        FlacBits metadata = new FlacBits(file, MARKER.length);
        boolean last = metadata.unsigned(1) != 0;
        if (metadata.unsigned(7) != STREAM_INFO || metadata.unsigned(24) != STREAM_INFO_BYTES) {
            throw fault("it does not begin with a STREAMINFO block of " + STREAM_INFO_BYTES + " bytes");
        }
        FlacStreamInfo stream = FlacStreamInfo.read(metadata, limits);
        FlacBits frames = new FlacBits(file, last ? metadata.position() : endOfMetadata(metadata.position()));
        Samples samples = new Samples(stream, limits);
        FlacFrame frame = new FlacFrame(file, frames, stream);
        while (stream.samples() == 0 ? !frames.atEnd() : samples.length < stream.samples()) {
            samples.add(frame.read(), frame.samples());
        }
        if (stream.samples() != 0 && samples.length != stream.samples()) {
            throw fault("it has " + samples.length + " samples where its header says " + stream.samples());
        }
        return samples.sound();
    }

    /** Skips the metadata blocks from a place on. */
    private int endOfMetadata(int from) {
        int place = from;
        boolean last = false;
        while (!last) {
            FlacBits header = new FlacBits(file, place);
            last = header.unsigned(1) != 0;
            long type = header.unsigned(7);
            long length = header.unsigned(24);
            if (type == FORBIDDEN || length > file.length - header.position()) {
                throw fault("the metadata block at byte " + place + " is of type " + type + " and " + length
                        + " bytes where " + (file.length - header.position()) + " are left");
            }
            place = header.position() + (int) length;
        }
        return place;
    }

    private static MalformedAudioException fault(String text) {
        return new MalformedAudioException(FlacBits.NAME, text);
    }

    /** The samples so far; memory grows with what has been decoded, not with what a header promises. */
    private static final class Samples {
        private static final int FIRST_CAPACITY = 1 << 14;

        private final FlacStreamInfo stream;
        private final AudioLimits limits;
        private final MessageDigest digest;
        private float[][] channels;
        private byte[] packed = {};
        private int length;

        Samples(FlacStreamInfo stream, AudioLimits limits) {
            this.stream = stream;
            this.limits = limits;
            this.channels = new float[stream.channels()][FIRST_CAPACITY];
            try {
                this.digest = MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException cause) {
                throw new IllegalStateException("this Java has no MD5, which FLAC's digest of samples is", cause);
            }
        }

        void add(int count, long[][] block) {
            limits.requireDuration(FlacBits.NAME, (long) length + count, stream.sampleRate(), stream.channels());
            if (length + count > channels[0].length) {
                int capacity = Math.max(length + count, 2 * channels[0].length);
                for (int channel = 0; channel < channels.length; channel++) {
                    channels[channel] = Arrays.copyOf(channels[channel], capacity);
                }
            }
            float scale = 1f / (1L << (stream.bits() - 1));
            for (int channel = 0; channel < channels.length; channel++) {
                float[] target = channels[channel];
                long[] source = block[channel];
                for (int i = 0; i < count; i++) {
                    target[length + i] = PcmEncoding.belowOne(source[i] * scale);
                }
            }
            length += count;
            if (stream.hasDigest()) {
                digest(count, block);
            }
        }

        /** Adds samples as the digest takes them: channels interleaved, little endian, in whole bytes. */
        private void digest(int count, long[][] block) {
            int bytes = Math.ceilDiv(stream.bits(), Byte.SIZE);
            int needed = count * stream.channels() * bytes;
            if (packed.length < needed) {
                packed = new byte[needed];
            }
            int place = 0;
            for (int i = 0; i < count; i++) {
                for (long[] channel : block) {
                    for (int part = 0; part < bytes; part++) {
                        packed[place++] = (byte) (channel[i] >> (part * Byte.SIZE));
                    }
                }
            }
            digest.update(packed, 0, needed);
        }

        Sound sound() {
            if (stream.hasDigest() && !HexFormat.of().formatHex(digest.digest()).equals(stream.digest())) {
                throw fault("its samples do not match the digest in its header");
            }
            float[][] exact = new float[channels.length][];
            for (int channel = 0; channel < exact.length; channel++) {
                exact[channel] = Arrays.copyOf(channels[channel], length);
            }
            return new Sound(exact, stream.sampleRate());
        }
    }
}
