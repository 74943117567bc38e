package io.tributary.media.image;

import java.util.Objects;

/**
 * Decodes PNG, JPEG, WebP and GIF files to 8-bit RGB, upright, as Pillow's {@code ImageOps.exif_transpose} and
 * {@code convert("RGB")} do for the reference implementations of models: <b>alpha is dropped</b>, so the colours of
 * transparent pixels show as they are stored; CMYK is {@code (255 - C)(255 - K) / 255}; colour profiles and gamma are not
 * applied; palettes are looked up; of an animation the first frame is taken. 16-bit samples keep their high byte, grey ones
 * too, which Pillow turns white beyond 255.
 *
 * <p>PNG and GIF give Pillow's bits. JPEG does with the usual subsampling of colours; with 4:4:0 its colours differ along
 * edges, and with lossy WebP too, as they are not interpolated.
 *
 * <p>Files are taken to be hostile. Only the reader of the format that the first bytes tell sees a file, and only the parts
 * that make pixels: comments, profiles and other metadata do not reach it. The header is compared with the limits before
 * memory is taken for pixels, nothing is written to disk, and what a reader would warn of is an error. Safe for use by
 * several threads.
 */
public final class PictureDecoder {
    private final ImageLimits limits;

    public PictureDecoder(ImageLimits limits) {
        this.limits = Objects.requireNonNull(limits);
    }

    /**
     * Decodes a whole file.
     *
     * @throws UnsupportedImageException when the file is empty, of another format, or uses an unusual part of its format
     * @throws MalformedImageException when the file is truncated or damaged
     * @throws ImageTooLargeException when the file, or the size in its header, is beyond the limits
     */
    public Picture decode(byte[] file) {
        limits.requireBytes(file.length);
        return switch (ImageFormat.of(file)) {
            case PNG -> PngFile.decode(file, limits);
            case JPEG -> JpegFile.decode(file, limits);
            case GIF -> GifFile.decode(file, limits);
            case WEBP -> WebpFile.decode(file, limits);
        };
    }
}
