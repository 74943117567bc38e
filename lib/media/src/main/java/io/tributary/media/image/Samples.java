package io.tributary.media.image;

import java.awt.image.Raster;

/** Turns the samples of a raster into pixels, row by row, so that no second raster is needed. */
final class Samples {
    private Samples() {}

    /** What the samples of one pixel mean. */
    @FunctionalInterface
    interface Colour {
        /**
         * Writes one pixel.
         *
         * @param samples a row of pixels, the bands of each side by side
         * @param at index of the first band of the pixel
         * @param rgb where three bytes are written
         * @param offset index of the first of them
         */
        void write(int[] samples, int at, byte[] rgb, int offset);
    }

    /**
     * Makes a picture of the raster's size.
     *
     * @param leastBands how many bands the colour reads
     */
    static Picture picture(ImageFormat format, Raster raster, int leastBands, Colour colour) {
        Picture picture = Picture.black(raster.getWidth(), raster.getHeight());
        write(format, raster, leastBands, colour, picture, 0, 0);
        return picture;
    }

    /** Writes the raster into a picture with its left upper corner at (x, y); it must fit. */
    static void write(ImageFormat format, Raster raster, int leastBands, Colour colour, Picture picture, int x, int y) {
        int bands = raster.getNumBands();
        if (bands < leastBands) {
            throw new MalformedImageException(
                    format, "its reader gives " + bands + " samples for a pixel where " + leastBands + " are needed");
        }
        int[] row = new int[raster.getWidth() * bands];
        for (int line = 0; line < raster.getHeight(); line++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + line, raster.getWidth(), 1, row);
            int offset = picture.offset(x, y + line);
            for (int at = 0; at < row.length; at += bands) {
                colour.write(row, at, picture.rgb(), offset);
                offset += Picture.CHANNELS;
            }
        }
    }

    /** The first three bands are red, green and blue. */
    static void rgb(int[] samples, int at, byte[] rgb, int offset) {
        rgb[offset] = (byte) samples[at];
        rgb[offset + 1] = (byte) samples[at + 1];
        rgb[offset + 2] = (byte) samples[at + 2];
    }

    /** The first band is the brightness. */
    static void grey(int[] samples, int at, byte[] rgb, int offset) {
        fill((byte) samples[at], rgb, offset);
    }

    static void fill(byte brightness, byte[] rgb, int offset) {
        rgb[offset] = brightness;
        rgb[offset + 1] = brightness;
        rgb[offset + 2] = brightness;
    }
}
