package io.tributary.models.contrastive;

/** A text has more tokens than the model has positions for. */
public final class TextTooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TextTooLongException(int tokens, int positions) {
        super("the text has " + tokens + " tokens but the model has " + positions
                + " positions; shorten the text or ask for it to be truncated");
    }
}
