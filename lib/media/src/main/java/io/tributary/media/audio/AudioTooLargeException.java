package io.tributary.media.audio;

/** Sound, or what its header promises, is beyond the {@link AudioLimits}. */
public final class AudioTooLargeException extends AudioException {
    private static final long serialVersionUID = 1L;

    AudioTooLargeException(String message) {
        super(message);
    }
}
