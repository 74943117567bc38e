package io.tributary.media.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A RIFF file of form WAVE ("Multimedia Programming Interface and Data Specifications 1.0", IBM and Microsoft, 1991;
 * WAVEFORMATEXTENSIBLE by Microsoft, 2001): chunks of a name, a length and as many bytes, padded to an even number.
 */
final class WavFile {
    private static final String NAME = "WAV";
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FORMAT_BYTES = 16;
    private static final int EXTENSIBLE_BYTES = 40;
    private static final int SUB_FORMAT = 24;
    private static final int PCM = 1;
    private static final int IEEE_FLOAT = 3;
    private static final int EXTENSIBLE = 0xFFFE;
    /** The length that a program writes which does not know it yet. */
    private static final long UNKNOWN = 0xFFFF_FFFFL;
    /** The bytes of a sub-format behind its two of the tag: xxxx0000-0000-1000-8000-00aa00389b71 after the first field. */
    private static final byte[] SUB_FORMAT_TAIL = {
        0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71
    };

    private final byte[] file;
    private final ByteBuffer bytes;
    private final AudioLimits limits;

    WavFile(byte[] file, AudioLimits limits) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.limits = limits;
    }

    static boolean isOne(byte[] file) {
        return file.length >= RIFF_HEADER
                && name(file, 0).equals("RIFF")
                && name(file, 8).equals("WAVE");
    }

    Sound decode() {
        PcmFormat format = null;
        int place = RIFF_HEADER;
        while (place <= file.length - CHUNK_HEADER) {
            String chunk = name(file, place);
            long length = bytes.getInt(place + 4) & 0xFFFF_FFFFL;
            int content = place + CHUNK_HEADER;
            if (chunk.equals("data")) {
                return data(format, content, length);
            }
            if (length > file.length - content) {
                throw new MalformedAudioException(
                        NAME,
                        "chunk '" + printable(chunk) + "' says " + length + " bytes where " + (file.length - content)
                                + " are left");
            }
            if (chunk.equals("fmt ")) {
                format = format(content, (int) length);
            }
            place = Math.toIntExact(Math.min(file.length, content + length + (length & 1)));
        }
        throw new MalformedAudioException(NAME, "it ends without a data chunk");
    }

    private PcmFormat format(int at, int length) {
        if (length < FORMAT_BYTES) {
            throw new MalformedAudioException(
                    NAME, "its fmt chunk has " + length + " bytes; at least " + FORMAT_BYTES + " are needed");
        }
        int channels = bytes.getShort(at + 2) & 0xFFFF;
        long rate = bytes.getInt(at + 4) & 0xFFFF_FFFFL;
        int frameBytes = bytes.getShort(at + 12) & 0xFFFF;
        int bits = bytes.getShort(at + 14) & 0xFFFF;
        limits.requireForm(NAME, rate, channels);
        PcmEncoding encoding = encoding(tag(at, length), bits);
        PcmFormat format = new PcmFormat(encoding, (int) rate, channels);
        if (frameBytes != format.frameBytes()) {
            throw new MalformedAudioException(
                    NAME,
                    "its block align is " + frameBytes + " where " + channels + " channels of " + bits + " bits take "
                            + format.frameBytes() + " bytes");
        }
        return format;
    }

    private int tag(int at, int length) {
        int tag = bytes.getShort(at) & 0xFFFF;
        if (tag != EXTENSIBLE) {
            return tag;
        }
        if (length < EXTENSIBLE_BYTES) {
            throw new MalformedAudioException(
                    NAME, "its extensible fmt chunk has " + length + " bytes; " + EXTENSIBLE_BYTES + " are needed");
        }
        for (int i = 0; i < SUB_FORMAT_TAIL.length; i++) {
            if (bytes.get(at + SUB_FORMAT + 2 + i) != SUB_FORMAT_TAIL[i]) {
                throw new UnsupportedAudioException("the sub-format of the WAV sound is none of a wave format tag");
            }
        }
        return bytes.getShort(at + SUB_FORMAT) & 0xFFFF;
    }

    private static PcmEncoding encoding(int tag, int bits) {
        PcmEncoding encoding = tag == PCM ? wholeNumber(bits) : tag == IEEE_FLOAT ? floatingPoint(bits) : null;
        if (encoding == null) {
            throw new UnsupportedAudioException("WAV sound of format tag " + tag + " with " + bits
                    + " bits; tag 1 (PCM) with 8, 16, 24 or 32 bits and tag 3 (float) with 32 or 64 are read");
        }
        return encoding;
    }

    private static @Nullable PcmEncoding wholeNumber(int bits) {
        return switch (bits) {
            case 8 -> PcmEncoding.UNSIGNED_8;
            case 16 -> PcmEncoding.SIGNED_16;
            case 24 -> PcmEncoding.SIGNED_24;
            case 32 -> PcmEncoding.SIGNED_32;
            default -> null;
        };
    }

    private static @Nullable PcmEncoding floatingPoint(int bits) {
        return switch (bits) {
            case 32 -> PcmEncoding.FLOAT_32;
            case 64 -> PcmEncoding.FLOAT_64;
            default -> null;
        };
    }

    private Sound data(@Nullable PcmFormat format, int at, long stated) {
        if (format == null) {
            throw new MalformedAudioException(NAME, "its data chunk comes before a fmt chunk");
        }
        int rest = file.length - at;
        if (isStreamed(stated)) {
            return format.decode(NAME, file, at, rest - rest % format.frameBytes(), limits);
        }
        if (stated > rest) {
            throw new MalformedAudioException(
                    NAME, "its data chunk says " + stated + " bytes where " + rest + " are left");
        }
        if (stated % format.frameBytes() != 0) {
            throw new MalformedAudioException(
                    NAME,
                    "its data chunk of " + stated + " bytes is not a whole number of frames of " + format.frameBytes());
        }
        return format.decode(NAME, file, at, (int) stated, limits);
    }

    /** Whether the data goes on to the end of the file; 0 is a length like others where that of the whole is right. */
    private boolean isStreamed(long stated) {
        long whole = bytes.getInt(4) & 0xFFFF_FFFFL;
        return stated == UNKNOWN || (stated == 0 && whole != file.length - CHUNK_HEADER);
    }

    private static String name(byte[] file, int at) {
        return new String(file, at, 4, StandardCharsets.ISO_8859_1);
    }

    private static String printable(String chunk) {
        return chunk.replaceAll("[^ -~]", "?");
    }
}
