package io.tributary.media.image;

/**
 * A picture of 8-bit colours.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param rgb [height, width, 3], row-major, each byte an unsigned sample of red, green or blue; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Samples are handed on, and nobody compares pictures.
public record Picture(int width, int height, byte[] rgb) {
    static final int CHANNELS = 3;

    /**
     * Checks that there are as many samples as the size asks for.
     *
     * @throws IllegalArgumentException when there are not, or when a side is not positive
     */
    public Picture {
        if (width < 1 || height < 1 || (long) CHANNELS * width * height != rgb.length) {
            throw new IllegalArgumentException("a picture of " + width + " x " + height
                    + " pixels has 3 bytes for each of" + " at least one pixel, not " + rgb.length + " bytes in all");
        }
    }

    /** A picture that is black all over. */
    static Picture black(int width, int height) {
        return new Picture(width, height, new byte[Math.multiplyExact(CHANNELS, Math.multiplyExact(width, height))]);
    }

    /** Index in {@link #rgb} of the red sample of a pixel. */
    int offset(int x, int y) {
        return CHANNELS * (y * width + x);
    }
}
