package io.tributary.models.text;

/** The tokens of a text cannot be encoded; the message says why. */
public final class TokensException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int text;

    TokensException(int text, String reason) {
        super("text " + text + " cannot be encoded: " + reason);
        this.text = text;
    }

    /** The index of the text in its batch. */
    public int text() {
        return text;
    }
}
