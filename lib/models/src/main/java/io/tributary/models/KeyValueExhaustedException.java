package io.tributary.models;

/** The memory for keys and values has no room for the next positions of a sequence. */
public final class KeyValueExhaustedException extends SequenceException {
    private static final long serialVersionUID = 1L;

    KeyValueExhaustedException(SequenceState sequence, int neededPages, KeyValueUse use) {
        super(
                sequence,
                "the sequence needs " + neededPages + " more pages of keys and values, but " + use.freePages()
                        + " of " + use.totalPages() + " are free (a page is " + use.pageBytes()
                        + " bytes); end other sequences or raise the key/value budget");
    }
}
