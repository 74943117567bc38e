package io.tributary.media.image;

/**
 * What a picture may cost. A decoder compares the header with this before it takes memory for pixels.
 *
 * <p>Decoding takes at most 14 bytes a pixel besides the file and a copy of it: the samples as they are in the file (8
 * bytes with 16 bits and alpha, 3 usually), 3 for the result and 3 when it has to be turned; JPEG files with several scans
 * take 8 more outside of the heap. A lossless WebP file may take some 350 MB for tables of codes, whatever its size in pixels,
 * when it has 160 KB or more and was made for that.
 *
 * @param maximalBytes size of a file
 * @param maximalWidth columns
 * @param maximalHeight rows
 * @param maximalPixels columns times rows
 */
public record ImageLimits(long maximalBytes, int maximalWidth, int maximalHeight, long maximalPixels) {
    /** 32 MiB, 32,768 columns, 32,768 rows, 50 million pixels. */
    public static final ImageLimits DEFAULT = new ImageLimits(32L << 20, 1 << 15, 1 << 15, 50_000_000);

    private static final long MOST_PIXELS = Integer.MAX_VALUE / 8;

    /**
     * Checks the limits themselves.
     *
     * @throws IllegalArgumentException when one is not positive, or so many pixels do not fit in an array
     */
    public ImageLimits {
        if (maximalBytes < 1 || maximalWidth < 1 || maximalHeight < 1) {
            throw new IllegalArgumentException("limits of pictures are at least 1, not " + maximalBytes + " bytes, "
                    + maximalWidth + " x " + maximalHeight);
        }
        if (maximalPixels < 1 || maximalPixels > MOST_PIXELS) {
            throw new IllegalArgumentException("a limit of pixels is 1 to " + MOST_PIXELS + ", not " + maximalPixels);
        }
    }

    void requireBytes(long bytes) {
        if (bytes > maximalBytes) {
            throw new ImageTooLargeException(
                    "the picture has " + bytes + " bytes; at most " + maximalBytes + " are taken");
        }
    }

    /** @param width as the header says it, 0 or more */
    void requireSize(ImageFormat format, long width, long height) {
        if (width < 1 || height < 1) {
            throw new MalformedImageException(
                    format, "its header says " + width + " x " + height + " pixels; both sides must be at least 1");
        }
        if (width > maximalWidth || height > maximalHeight || width * height > maximalPixels) {
            throw new ImageTooLargeException("the header of the " + format + " picture says " + width + " x " + height
                    + " pixels; at most " + maximalWidth + " columns, " + maximalHeight + " rows and " + maximalPixels
                    + " pixels in all are taken");
        }
    }
}
