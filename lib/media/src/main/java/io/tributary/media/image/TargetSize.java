package io.tributary.media.image;

/** The size that a picture is given before its middle is cut out. */
public sealed interface TargetSize {

    /** Columns of the new picture, 1 or more. */
    long width(int width, int height);

    /** Rows of the new picture, 1 or more. */
    long height(int width, int height);

    /**
     * The shorter side gets this many pixels, the other {@code int(pixels * longer / shorter)}, so the picture keeps its form
     * (get_resize_output_image_size of the transformers library).
     *
     * @param pixels 1 or more
     */
    record ShortestEdge(int pixels) implements TargetSize {
        @Override
        public long width(int width, int height) {
            return width <= height ? pixels : longer(width, height);
        }

        @Override
        public long height(int width, int height) {
            return width <= height ? longer(height, width) : pixels;
        }

        private long longer(int longer, int shorter) {
            return (long) ((double) ((long) pixels * longer) / shorter);
        }
    }

    /** Both sides are given, whatever the form of the picture. */
    record Exact(int columns, int rows) implements TargetSize {
        @Override
        public long width(int width, int height) {
            return columns;
        }

        @Override
        public long height(int width, int height) {
            return rows;
        }
    }
}
