package io.tributary.decoder.protocol;

/**
 * A client's stream, and what its gateway knows.
 *
 * @param expected position of the next token
 * @param known the highest epochs that the gateway has seen
 */
record Client(Phase phase, int expected, Epochs known) {
    /** How far a stream is. */
    enum Phase {
        WAITING(0),
        STREAMING(1),
        COMPLETE(2),
        CANCELLED(3),
        FAILED(4);

        private final int code;

        Phase(int code) {
            this.code = code;
        }
    }

    long code() {
        return ((long) phase.code << 40) | ((long) expected << 32) | known.code();
    }
}
