package io.tributary.media.image;

import org.jspecify.annotations.Nullable;

/** Why bytes did not become a picture; the message says what was found and what would be right. */
public abstract sealed class ImageException extends RuntimeException
        permits ImageTooLargeException, MalformedImageException, UnsupportedImageException {
    private static final long serialVersionUID = 1L;

    ImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
