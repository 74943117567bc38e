package io.tributary.models;

/** An encoder made NaN or infinity of a sequence. */
public final class NonFiniteEncodingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int sequence;

    NonFiniteEncodingException(int sequence, String operation) {
        super("NaN or infinity after " + operation + "; the weights or the input are damaged");
        this.sequence = sequence;
    }

    /** The index of the sequence in its batch. */
    public int sequence() {
        return sequence;
    }
}
