package io.tributary.tokenizers;

/**
 * Ids of one growing sequence to text as it becomes certain: the texts of {@link #append} and {@link #finish} together
 * are the decoding of the whole without special tokens, and none ends inside a character. Not safe for use by several
 * threads.
 */
public final class IncrementalDecoder {
    private final PieceTable pieces;
    private final boolean skipsSpecialTokens;
    private final Utf8Decoder utf8 = new Utf8Decoder();
    private boolean atStart = true;
    private boolean holdsSpace;
    private boolean finished;

    IncrementalDecoder(PieceTable pieces, boolean skipsSpecialTokens) {
        this.pieces = pieces;
        this.skipsSpecialTokens = skipsSpecialTokens;
    }

    /**
     * The text that becomes certain with these ids; a character that they leave incomplete is held back, and so is a
     * space that the text loses if it ends here.
     *
     * @throws UnknownTokenException if an id is outside the vocabulary; the sequence is then as before the call
     * @throws IllegalStateException after {@link #finish}
     */
    public String append(int... ids) {
        if (finished) {
            throw new IllegalStateException("the sequence has ended; decode the next one with a new decoder");
        }
        pieces.check(ids);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (!skipsSpecialTokens || !pieces.isSpecial(id)) {
                appendPiece(id, text);
            }
        }
        return text.toString();
    }

    /** Ends the sequence: an incomplete character that was held back becomes U+FFFD. Idempotent. */
    public String finish() {
        finished = true;
        StringBuilder text = new StringBuilder();
        utf8.finish(text);
        return text.toString();
    }

    private void appendPiece(int id, StringBuilder text) {
        int length = pieces.length(id);
        if (length == 0) {
            return;
        }
        if (holdsSpace) {
            utf8.accept((byte) ' ', text);
            holdsSpace = false;
        }
        BorderSpace border = pieces.border();
        int first = atStart && border == BorderSpace.FIRST_DROPPED && pieces.byteAt(id, 0) == ' ' ? 1 : 0;
        atStart = false;
        if (border == BorderSpace.LAST_DROPPED && pieces.byteAt(id, length - 1) == ' ') {
            holdsSpace = true;
            length--;
        }
        for (int index = first; index < length; index++) {
            utf8.accept(pieces.byteAt(id, index), text);
        }
    }
}
