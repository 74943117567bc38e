package io.tributary.models;

/** The computation of a sequence gave NaN or an infinity; no token may come of it. */
public final class NonFiniteActivationException extends SequenceException {
    private static final long serialVersionUID = 1L;

    NonFiniteActivationException(SequenceState sequence, int position, String operation) {
        super(
                sequence,
                "NaN or infinity after " + operation + " at position " + position
                        + "; the weights or the incoming hidden states are damaged");
    }
}
