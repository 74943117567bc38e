package io.tributary.media.image;

import org.jspecify.annotations.Nullable;

/** A file of a known format that breaks its rules, or ends before the picture does. */
public final class MalformedImageException extends ImageException {
    private static final long serialVersionUID = 1L;

    MalformedImageException(ImageFormat format, String fault) {
        this(format, fault, null);
    }

    MalformedImageException(ImageFormat format, String fault, @Nullable Throwable cause) {
        super("damaged " + format + " picture: " + fault, cause);
    }
}
