package io.tributary.models;

/**
 * One sequence of a batch can't go on. Nothing was computed for the others that they could see: take the sequence out of
 * the batch with {@link Batch#remove} and run it again.
 */
public abstract sealed class SequenceException extends RuntimeException
        permits PositionException,
                TokenIdException,
                HiddenStateException,
                KeyValueExhaustedException,
                ExpertsUnavailableException,
                NonFiniteActivationException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // Handed from method to method within one process, never written anywhere.
    private final SequenceState sequence;

    SequenceException(SequenceState sequence, String message) {
        super(message);
        this.sequence = sequence;
    }

    /** The sequence that can't go on. */
    public SequenceState sequence() {
        return sequence;
    }
}
