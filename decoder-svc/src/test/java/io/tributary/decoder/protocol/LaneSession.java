package io.tributary.decoder.protocol;

/**
 * A shard's view of a session.
 *
 * @param number of the session
 * @param openedAt offset of its opening
 * @param next the next position
 * @param digest stands for the state: a function of all inputs so far, in their order
 * @param finished whether its last token was sampled
 * @param closedAt offset of the record that closed it, or {@link #LIVE}
 */
record LaneSession(int number, int openedAt, int next, int digest, boolean finished, int closedAt) {
    static final int LIVE = -1;

    static LaneSession opened(int number, int offset) {
        return new LaneSession(number, offset, 0, Undisturbed.EMPTY_STATE, false, LIVE);
    }

    boolean live() {
        return closedAt == LIVE;
    }

    LaneSession advanced(int position, int newDigest, boolean nowFinished) {
        return new LaneSession(number, openedAt, position + 1, newDigest, nowFinished, closedAt);
    }

    LaneSession closed(int offset) {
        return new LaneSession(number, openedAt, next, digest, finished, offset);
    }

    long code() {
        long code = number;
        code = (code << 8) | openedAt;
        code = (code << 4) | next;
        code = (code << 10) | digest;
        code = (code << 1) | (finished ? 1 : 0);
        return (code << 8) | (closedAt + 1);
    }
}
