package io.tributary.decoder;

import io.tributary.proto.log.v1.Activation;

/** Positions of a session that are to be computed: an activation from some row on. Used by the shard's thread. */
final class Work {
    private final Activation activation;
    private final Turn turn;
    private final LaneLedger.Entry entry;
    private final boolean emits;
    private int nextRow;

    /**
     * @param turn that the positions belong to
     * @param entry of the record; held until the work is done
     * @param emits whether what comes of it is appended
     * @param firstRow rows before it are duplicates
     */
    Work(Activation activation, Turn turn, LaneLedger.Entry entry, boolean emits, int firstRow) {
        this.activation = activation;
        this.turn = turn;
        this.entry = entry;
        this.emits = emits;
        this.nextRow = firstRow;
        entry.hold();
    }

    Activation activation() {
        return activation;
    }

    Turn turn() {
        return turn;
    }

    LaneLedger.Entry entry() {
        return entry;
    }

    boolean emits() {
        return emits;
    }

    /**
     * Whether it can be computed now: a token is sampled behind what emits, from the end of the prompt on, and that may need
     * the turn's grammar, which may not have been compiled yet.
     */
    boolean ready() {
        return !emits || nextPosition() + rows() < turn.promptLength() || turn.canSample();
    }

    /** The row that is next. */
    int nextRow() {
        return nextRow;
    }

    /** The position of the row that is next. */
    int nextPosition() {
        return activation.getFirstPosition() + nextRow;
    }

    /** Rows left. */
    int rows() {
        return activation.getTokenIdsCount() - nextRow;
    }

    /** Goes on behind so many rows. */
    void take(int rows) {
        nextRow += rows;
    }

    /** Nothing of it is left to be computed. */
    void end() {
        entry.release();
    }
}
