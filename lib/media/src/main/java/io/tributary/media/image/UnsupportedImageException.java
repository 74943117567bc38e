package io.tributary.media.image;

/** A file that is of no format that is read, or uses a part of its format that is not read. */
public final class UnsupportedImageException extends ImageException {
    private static final long serialVersionUID = 1L;

    UnsupportedImageException(String message) {
        super(message, null);
    }
}
