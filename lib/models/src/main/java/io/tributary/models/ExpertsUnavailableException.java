package io.tributary.models;

/** Experts that a sequence needs are computed elsewhere, and could not be had. */
public final class ExpertsUnavailableException extends SequenceException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    ExpertsUnavailableException(SequenceState sequence, int layer, RemoteExpertsException cause) {
        super(sequence, "the experts of layer " + layer + " could not be had: " + cause.getMessage());
        initCause(cause);
        retryable = cause.unavailable();
    }

    /** Whether they may be had later; otherwise there is a defect. */
    public boolean retryable() {
        return retryable;
    }
}
