package io.tributary.media.audio;

/** Why bytes did not become sound; the message says what was found and what would be right. */
public abstract sealed class AudioException extends RuntimeException
        permits AudioTooLargeException, MalformedAudioException, UnsupportedAudioException {
    private static final long serialVersionUID = 1L;

    AudioException(String message) {
        super(message);
    }
}
