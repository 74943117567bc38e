package io.tributary.decoder.protocol;

/** An invariant does not hold. */
final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProtocolViolation(String invariant) {
        super(invariant, null, false, false);
    }
}
