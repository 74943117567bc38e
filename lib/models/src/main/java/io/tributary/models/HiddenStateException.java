package io.tributary.models;

/** The hidden states of a chunk are not as long as its positions times the width of the model. */
public final class HiddenStateException extends SequenceException {
    private static final long serialVersionUID = 1L;

    HiddenStateException(SequenceState sequence, long bytes, int rows, int width) {
        super(
                sequence,
                "the hidden states of a chunk of " + rows + " rows have " + bytes + " bytes; with a width of " + width
                        + " they must have " + (long) rows * width * Float.BYTES);
    }
}
