package io.tributary.models;

/** A chunk does not begin where its sequence stands, or goes beyond the positions that the sequence declared. */
public final class PositionException extends SequenceException {
    private static final long serialVersionUID = 1L;

    PositionException(SequenceState sequence, String message) {
        super(sequence, message);
    }
}
