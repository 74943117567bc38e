package io.tributary.media.audio;

/** Bytes of no format that is read, or that use a part of their format that is not read. */
public final class UnsupportedAudioException extends AudioException {
    private static final long serialVersionUID = 1L;

    UnsupportedAudioException(String message) {
        super(message);
    }
}
