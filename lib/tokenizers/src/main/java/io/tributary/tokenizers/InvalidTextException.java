package io.tributary.tokenizers;

/** A text is no Unicode text: it holds one half of a surrogate pair without the other. */
public final class InvalidTextException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    private final int index;

    InvalidTextException(int index, char surrogate) {
        super(
                "the text has a lone surrogate U+%04X at index %d; surrogates must come in pairs, high before low"
                        .formatted((int) surrogate, index),
                null);
        this.index = index;
    }

    /** Where the lone surrogate is, in chars from the start of the text. */
    public int index() {
        return index;
    }
}
