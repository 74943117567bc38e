package io.tributary.tokenizers;

/** A text is longer than the tokenizer takes. */
public final class TextTooLongException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    TextTooLongException(long bytes, int maximalBytes) {
        super("the text has " + bytes + " bytes of UTF-8; at most " + maximalBytes + " are allowed", null);
    }
}
