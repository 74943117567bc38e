package io.tributary.media.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The formats that are read, told by how a file begins and never by its name. */
enum ImageFormat {
    PNG {
        @Override
        boolean begins(byte[] file) {
            return startsWith(file, 0, "\u0089PNG\r\n\u001a\n");
        }
    },
    JPEG {
        @Override
        boolean begins(byte[] file) {
            return startsWith(file, 0, "\u00ff\u00d8\u00ff");
        }
    },
    GIF {
        @Override
        boolean begins(byte[] file) {
            return startsWith(file, 0, "GIF87a") || startsWith(file, 0, "GIF89a");
        }
    },
    WEBP {
        @Override
        boolean begins(byte[] file) {
            return startsWith(file, 0, "RIFF") && startsWith(file, 8, "WEBP");
        }
    };

    private static final int SHOWN = 12;

    abstract boolean begins(byte[] file);

    /** @throws UnsupportedImageException when the file begins like none of them */
    static ImageFormat of(byte[] file) {
        for (ImageFormat format : values()) {
            if (format.begins(file)) {
                return format;
            }
        }
        if (file.length == 0) {
            throw new UnsupportedImageException(
                    "the picture is empty: 0 bytes, where a PNG, JPEG, WebP or GIF file is" + " needed");
        }
        byte[] start = Arrays.copyOf(file, Math.min(file.length, SHOWN));
        throw new UnsupportedImageException("no known format of pictures begins with the bytes "
                + HexFormat.ofDelimiter(" ").formatHex(start) + "; PNG, JPEG, WebP and GIF are read");
    }

    private static boolean startsWith(byte[] file, int at, String magic) {
        byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + expected.length
                && Arrays.equals(file, at, at + expected.length, expected, 0, expected.length);
    }
}
