package io.tributary.models;

/** A token id is not in the vocabulary. */
public final class TokenIdException extends SequenceException {
    private static final long serialVersionUID = 1L;

    TokenIdException(SequenceState sequence, int token, int position, int vocabulary) {
        super(
                sequence,
                "the token id at position " + position + " is " + token + " but must be 0 to " + (vocabulary - 1));
    }
}
