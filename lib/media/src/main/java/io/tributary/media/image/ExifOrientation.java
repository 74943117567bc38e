package io.tributary.media.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Looks for one field in Exif data, which is a TIFF file: the orientation in the first directory. Nothing else is read, as
 * nothing else changes pixels, and data that is damaged leaves the picture as it is.
 */
final class ExifOrientation {
    private static final int TIFF_HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 12;
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    private ExifOrientation() {}

    /** @param exif begins with the byte order, {@code II} or {@code MM} */
    static Orientation of(byte[] exif) {
        if (exif.length < TIFF_HEADER_BYTES) {
            return Orientation.UPRIGHT;
        }
        ByteBuffer tiff = ByteBuffer.wrap(exif);
        switch (tiff.getShort(0)) {
            case 0x4949 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
            case 0x4D4D -> tiff.order(ByteOrder.BIG_ENDIAN);
            default -> {
                return Orientation.UPRIGHT;
            }
        }
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (tiff.getShort(2) != 42 || directory > exif.length - Short.BYTES) {
            return Orientation.UPRIGHT;
        }
        return inDirectory(tiff, (int) directory);
    }

    private static Orientation inDirectory(ByteBuffer tiff, int directory) {
        int declared = Short.toUnsignedInt(tiff.getShort(directory));
        int first = directory + Short.BYTES;
        int entries = Math.min(declared, (tiff.limit() - first) / ENTRY_BYTES);
        for (int entry = 0; entry < entries; entry++) {
            int at = first + entry * ENTRY_BYTES;
            if (Short.toUnsignedInt(tiff.getShort(at)) == ORIENTATION) {
                return tiff.getShort(at + 2) == SHORT
                        ? Orientation.ofExif(Short.toUnsignedInt(tiff.getShort(at + 8)))
                        : Orientation.UPRIGHT;
            }
        }
        return Orientation.UPRIGHT;
    }
}
