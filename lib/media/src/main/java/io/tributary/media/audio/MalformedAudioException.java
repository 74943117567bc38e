package io.tributary.media.audio;

/** Sound that breaks the rules of its format, or ends before it should. */
public final class MalformedAudioException extends AudioException {
    private static final long serialVersionUID = 1L;

    /** @param format what the bytes claim to be, for example {@code WAV} */
    MalformedAudioException(String format, String fault) {
        super("damaged " + format + " sound: " + fault);
    }
}
