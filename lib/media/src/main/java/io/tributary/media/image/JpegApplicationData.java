package io.tributary.media.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What application segments of a JPEG file say of its colours and of its orientation. */
final class JpegApplicationData {
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int JFIF_BYTES = 14;
    private static final int ADOBE_BYTES = 12;
    private static final int[] LETTERS_RGB = {'R', 'G', 'B'};

    private boolean jfif;
    private boolean adobe;
    private int adobeTransform;
    private Orientation orientation = Orientation.UPRIGHT;

    void read(int marker, ByteCursor segment) {
        byte[] content = segment.rest();
        if (marker == APP0 && content.length >= JFIF_BYTES && startsWith(content, "JFIF\0")) {
            jfif = true;
        } else if (marker == APP14 && content.length >= ADOBE_BYTES && startsWith(content, "Adobe")) {
            adobe = true;
            adobeTransform = content[ADOBE_BYTES - 1];
        } else if (marker == APP1 && orientation == Orientation.UPRIGHT && startsWith(content, "Exif\0\0")) {
            orientation = ExifOrientation.of(Arrays.copyOfRange(content, 6, content.length));
        }
    }

    Orientation orientation() {
        return orientation;
    }

    /**
     * The meaning of the components, as libjpeg has it (jdapimin.c, default_decompress_parms).
     *
     * @param components the numbers that the frame gives them: 1, 3 or 4
     */
    JpegColour colour(int[] components) {
        return switch (components.length) {
            case 1 -> JpegColour.GREY;
            case 3 -> isRgb(components) ? JpegColour.RGB : JpegColour.YCBCR;
            default -> adobe && adobeTransform != 0 ? JpegColour.YCCK : JpegColour.CMYK;
        };
    }

    private boolean isRgb(int[] components) {
        if (jfif) {
            return false;
        }
        return adobe ? adobeTransform == 0 : Arrays.equals(components, LETTERS_RGB);
    }

    private static boolean startsWith(byte[] content, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        return content.length >= expected.length
                && Arrays.equals(content, 0, expected.length, expected, 0, expected.length);
    }
}
