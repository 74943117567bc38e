package io.tributary.media.image;

/**
 * How the rows and columns of a file lie in the picture that a person sees: the values of the field Orientation of Exif
 * (CIPA DC-008, 4.6.5.1.6), in the order of their numbers, from 1.
 */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN_RIGHT(true, false, true),
    TRANSVERSED(true, true, true),
    QUARTER_TURN_LEFT(true, true, false);

    private final boolean swapsSides;
    private final boolean fromRight;
    private final boolean fromBottom;

    /**
     * @param swapsSides rows of the file are columns of the picture
     * @param fromRight the first column of the file that is read is its last
     * @param fromBottom the first row of the file that is read is its last
     */
    Orientation(boolean swapsSides, boolean fromRight, boolean fromBottom) {
        this.swapsSides = swapsSides;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** Numbers that Exif does not know leave a picture as it is. */
    static Orientation ofExif(int number) {
        return number >= 1 && number <= values().length ? values()[number - 1] : UPRIGHT;
    }

    /** The picture that a person sees. */
    Picture apply(Picture stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = swapsSides ? stored.height() : stored.width();
        int height = swapsSides ? stored.width() : stored.height();
        Picture seen = Picture.black(width, height);
        int stepX = fromRight ? -1 : 1;
        int stepY = fromBottom ? -stored.width() : stored.width();
        int first = (fromRight ? stored.width() - 1 : 0) + (fromBottom ? (stored.height() - 1) * stored.width() : 0);
        int alongRow = swapsSides ? stepY : stepX;
        int alongColumn = swapsSides ? stepX : stepY;
        for (int y = 0; y < height; y++) {
            copyRow(stored.rgb(), first + y * alongColumn, alongRow, seen.rgb(), seen.offset(0, y), width);
        }
        return seen;
    }

    private static void copyRow(byte[] from, int pixel, int step, byte[] to, int offset, int width) {
        int source = pixel;
        int target = offset;
        for (int x = 0; x < width; x++) {
            System.arraycopy(from, source * Picture.CHANNELS, to, target, Picture.CHANNELS);
            source += step;
            target += Picture.CHANNELS;
        }
    }
}
