package io.tributary.models;

/** The experts of a layer could not be had for one sequence of a batch. */
public final class RemoteExpertsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int sequence;
    private final boolean unavailable;

    /**
     * @param sequence its index among the sequences of the batch
     * @param unavailable whether they may be had later; otherwise there is a defect
     */
    public RemoteExpertsException(int sequence, boolean unavailable, String message) {
        super(message);
        this.sequence = sequence;
        this.unavailable = unavailable;
    }

    /** The index of the sequence among those of the batch. */
    public int sequence() {
        return sequence;
    }

    /** Whether the experts may be had later. */
    public boolean unavailable() {
        return unavailable;
    }
}
