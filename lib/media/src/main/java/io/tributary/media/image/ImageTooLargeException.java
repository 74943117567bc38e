package io.tributary.media.image;

/** A picture, or what its header promises, is beyond the {@link ImageLimits}. */
public final class ImageTooLargeException extends ImageException {
    private static final long serialVersionUID = 1L;

    ImageTooLargeException(String message) {
        super(message, null);
    }
}
