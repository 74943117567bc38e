package io.tributary.media.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads fields of a file in order; the file that ends too early is an error and not an exception of an array. */
final class ByteCursor {
    private final ImageFormat format;
    private final byte[] file;
    private final int end;
    private int position;

    /** @param end where the file, or the part of it that is read, ends */
    ByteCursor(ImageFormat format, byte[] file, int position, int end) {
        this.format = format;
        this.file = file;
        this.position = position;
        this.end = end;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    /** Moves over a part and returns where it began. */
    int skip(long length, String what) {
        if (length > remaining()) {
            throw new MalformedImageException(
                    format,
                    "it ends at byte " + end + " within " + what + ", which begins at byte " + position + " and takes "
                            + length + " bytes; is it truncated?");
        }
        int from = position;
        position += (int) length;
        return from;
    }

    int u8(String what) {
        return Byte.toUnsignedInt(file[skip(1, what)]);
    }

    int u16BigEndian(String what) {
        return (u8(what) << 8) | u8(what);
    }

    int u16LittleEndian(String what) {
        return u8(what) | (u8(what) << 8);
    }

    int u24LittleEndian(String what) {
        return u16LittleEndian(what) | (u8(what) << 16);
    }

    long u32BigEndian(String what) {
        return ((long) u16BigEndian(what) << 16) | u16BigEndian(what);
    }

    long u32LittleEndian(String what) {
        return u16LittleEndian(what) | ((long) u16LittleEndian(what) << 16);
    }

    /** The next four bytes as characters. */
    String fourCharacters(String what) {
        return new String(file, skip(4, what), 4, StandardCharsets.ISO_8859_1);
    }

    /** A cursor over the next {@code length} bytes, which this one moves over. */
    ByteCursor part(long length, String what) {
        int from = skip(length, what);
        return new ByteCursor(format, file, from, position);
    }

    /** The bytes that are left. */
    byte[] rest() {
        return Arrays.copyOfRange(file, position, end);
    }
}
