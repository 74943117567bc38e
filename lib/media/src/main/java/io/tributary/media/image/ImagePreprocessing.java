package io.tributary.media.image;

import java.util.Optional;

/**
 * How a picture becomes the input of a model: resize, cut out the middle, scale and normalise, with the bits of the
 * transformers library's CLIPImageProcessor and ViTImageProcessor (the ones that work with Pillow).
 *
 * @param resize the size before the crop; without it the picture stays as it is
 * @param filter of the resize
 * @param crop the middle that is kept; a smaller picture gets black edges. Without it all is kept
 * @param normalization of the samples
 */
public record ImagePreprocessing(
        Optional<TargetSize> resize, Resampling filter, Optional<TargetSize.Exact> crop, Normalization normalization) {
    /** More values than any model reads: a picture that is long and thin must not become one that fills the memory. */
    private static final long MAXIMAL_PIXELS = 1 << 24;

    /** CLIP's own preprocessing, for checkpoints without preprocessor_config.json. */
    public static ImagePreprocessing clip(int side) {
        return new ImagePreprocessing(
                Optional.of(new TargetSize.ShortestEdge(side)),
                Resampling.BICUBIC,
                Optional.of(new TargetSize.Exact(side, side)),
                Normalization.CLIP);
    }

    /**
     * Prepares one picture.
     *
     * @throws ImageTooLargeException when nothing is cut out and the form of the picture makes the result too large
     */
    public PixelValues apply(Picture picture) {
        Picture prepared = crop(picture);
        float[] values = new float[Picture.CHANNELS * prepared.width() * prepared.height()];
        int plane = prepared.width() * prepared.height();
        for (int channel = 0; channel < Picture.CHANNELS; channel++) {
            float[] table = normalization.table(channel);
            for (int pixel = 0; pixel < plane; pixel++) {
                byte sample = prepared.rgb()[pixel * Picture.CHANNELS + channel];
                values[channel * plane + pixel] = table[Byte.toUnsignedInt(sample)];
            }
        }
        return new PixelValues(prepared.width(), prepared.height(), values);
    }

    /** The picture after resize and crop. */
    Picture crop(Picture picture) {
        long width = resize.map(size -> size.width(picture.width(), picture.height()))
                .orElse((long) picture.width());
        long height = resize.map(size -> size.height(picture.width(), picture.height()))
                .orElse((long) picture.height());
        if (Math.max(width, height) > Integer.MAX_VALUE) {
            throw tooLarge(picture, width, height);
        }
        TargetSize.Exact kept = crop.orElse(new TargetSize.Exact((int) width, (int) height));
        if ((long) kept.columns() * kept.rows() > MAXIMAL_PIXELS) {
            throw tooLarge(picture, width, height);
        }
        Span across = Span.ofMiddle((int) width, kept.columns());
        Span down = Span.ofMiddle((int) height, kept.rows());
        Region wanted = new Region(across.from(), down.from(), across.length(), down.length());
        Picture part = Resize.part(picture, (int) width, (int) height, wanted, filter);
        return across.length() == kept.columns() && down.length() == kept.rows()
                ? part
                : withEdges(part, kept, across.margin(), down.margin());
    }

    private static Picture withEdges(Picture part, TargetSize.Exact size, int left, int top) {
        Picture framed = Picture.black(size.columns(), size.rows());
        for (int y = 0; y < part.height(); y++) {
            System.arraycopy(
                    part.rgb(),
                    part.offset(0, y),
                    framed.rgb(),
                    framed.offset(left, top + y),
                    part.width() * Picture.CHANNELS);
        }
        return framed;
    }

    private static ImageTooLargeException tooLarge(Picture picture, long width, long height) {
        return new ImageTooLargeException(
                "a picture of " + picture.width() + " x " + picture.height() + " pixels becomes"
                        + " one of " + width + " x " + height + " for the model; at most " + MAXIMAL_PIXELS
                        + " pixels are prepared");
    }
}
