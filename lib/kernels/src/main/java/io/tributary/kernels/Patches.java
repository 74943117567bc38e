package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Cuts planes into square patches that do not overlap, each a row. A convolution whose kernel is as large as its stride is
 * then a {@link MatMul} of these rows with the kernel [outputs, channels, patch, patch] read as a matrix.
 */
public final class Patches {
    private Patches() {}

    /**
     * Copies each patch to a row: the patches from left to right and from top to bottom, and in a row the channels one after
     * the other, each with its rows from top to bottom. Nothing is computed, so there is no order to depend on.
     *
     * @param planes [channels * height, width], one channel below the other
     * @param patch side of a patch; height and width are multiples of it
     * @param rows [height / patch * width / patch, channels * patch * patch], in memory of its own
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void unfold(FloatMatrix planes, int channels, int patch, FloatMatrix rows) {
        if (channels < 1 || patch < 1 || planes.rows() % channels != 0) {
            throw new IllegalArgumentException(planes.rows() + " rows are no planes of " + channels + " channels");
        }
        int height = planes.rows() / channels;
        if (height % patch != 0 || planes.columns() % patch != 0) {
            throw new IllegalArgumentException("planes of " + height + " x " + planes.columns()
                    + " do not fall into patches of " + patch + " x " + patch);
        }
        int across = planes.columns() / patch;
        rows.requireShape("the patches", height / patch * across, Math.multiplyExact(channels * patch, patch));
        long bytes = (long) patch * Float.BYTES;
        for (int line = 0; line < planes.rows(); line++) {
            int y = line % height;
            long column = ((long) (line / height) * patch + y % patch) * bytes;
            for (int x = 0; x < across; x++) {
                long target = (y / patch * across + x) * rows.rowBytes() + column;
                MemorySegment.copy(planes.data(), line * planes.rowBytes() + x * bytes, rows.data(), target, bytes);
            }
        }
    }
}
