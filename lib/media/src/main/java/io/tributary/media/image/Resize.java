package io.tributary.media.image;

import java.util.Arrays;

/**
 * Pillow's antialiased resize of 8-bit pictures (Resample.c), to the bit: first along rows and then along columns, each pass
 * in fixed point and rounded to 8 bits. As no pixel depends on another of the new picture, a part of it is computed alone.
 */
final class Resize {
    private static final int HALF = 1 << (ResampleWeights.FRACTION_BITS - 1);

    private Resize() {}

    /**
     * Computes a part of a resized picture.
     *
     * @param width columns of the whole new picture
     * @param height rows of the whole new picture
     * @param wanted the part, which must lie in the new picture
     */
    static Picture part(Picture picture, int width, int height, Region wanted, Resampling filter) {
        ResampleWeights across = new ResampleWeights(picture.width(), width, wanted.left(), wanted.width(), filter);
        ResampleWeights down = new ResampleWeights(picture.height(), height, wanted.top(), wanted.height(), filter);
        int firstRow = down.first(0);
        int rows = down.end(wanted.height() - 1) - firstRow;
        Picture narrowed = Picture.black(wanted.width(), rows);
        for (int y = 0; y < rows; y++) {
            alongRow(picture.rgb(), picture.offset(0, firstRow + y), across, narrowed.rgb(), narrowed.offset(0, y));
        }
        Picture resized = Picture.black(wanted.width(), wanted.height());
        int[] sums = new int[wanted.width() * Picture.CHANNELS];
        for (int y = 0; y < wanted.height(); y++) {
            alongColumns(narrowed, firstRow, down, y, sums);
            store(sums, resized.rgb(), resized.offset(0, y));
        }
        return resized;
    }

    private static void alongRow(byte[] from, int row, ResampleWeights weights, byte[] to, int offset) {
        int target = offset;
        for (int x = 0; x < weights.count(); x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int old = weights.first(x); old < weights.end(x); old++) {
                int weight = weights.weight(x, old);
                int source = row + Picture.CHANNELS * old;
                red += weight * Byte.toUnsignedInt(from[source]);
                green += weight * Byte.toUnsignedInt(from[source + 1]);
                blue += weight * Byte.toUnsignedInt(from[source + 2]);
            }
            to[target++] = rounded(red);
            to[target++] = rounded(green);
            to[target++] = rounded(blue);
        }
    }

    private static void alongColumns(Picture picture, int firstRow, ResampleWeights weights, int y, int[] sums) {
        Arrays.fill(sums, HALF);
        for (int old = weights.first(y); old < weights.end(y); old++) {
            addRow(picture.rgb(), picture.offset(0, old - firstRow), weights.weight(y, old), sums);
        }
    }

    private static void addRow(byte[] from, int row, int weight, int[] sums) {
        for (int at = 0; at < sums.length; at++) {
            sums[at] += weight * Byte.toUnsignedInt(from[row + at]);
        }
    }

    private static void store(int[] sums, byte[] to, int offset) {
        for (int at = 0; at < sums.length; at++) {
            to[offset + at] = rounded(sums[at]);
        }
    }

    private static byte rounded(int sum) {
        return (byte) Math.clamp(sum >> ResampleWeights.FRACTION_BITS, 0, 255);
    }
}
