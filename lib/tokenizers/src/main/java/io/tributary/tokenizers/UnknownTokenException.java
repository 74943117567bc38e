package io.tributary.tokenizers;

/** An id is outside the vocabulary. */
public final class UnknownTokenException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    UnknownTokenException(int id, int vocabularySize) {
        super(
                "the id " + Integer.toUnsignedString(id) + " is no token; this vocabulary has the ids 0 to "
                        + (vocabularySize - 1),
                null);
    }
}
