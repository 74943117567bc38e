package io.tributary.decoder.protocol;

/**
 * A record of a lane.
 *
 * @param kind what it says
 * @param session number of its session; 0 for an ownership record
 * @param position of an activation or a token in its sequence; of a failed session's closing, the stage that failed it
 * @param value what stands for the token id or the hidden states
 * @param stage that wrote it; {@link #GATEWAY} for a gateway
 * @param epoch of the writer; 0 for a gateway
 * @param fenced whether an earlier record of the lane has the same stage and a higher epoch: what each reader must find
 *     out for itself
 */
record Entry(Kind kind, int session, int position, int value, int stage, int epoch, boolean fenced) {
    static final int GATEWAY = -1;

    /** What a record says; closings say why. */
    enum Kind {
        OPENING(0),
        ACTIVATION(1),
        FINISHED(2),
        CANCELLED(3),
        FAILED(4),
        OWNERSHIP(5),
        TOKEN(6),
        LAST_TOKEN(7),
        FAILURE(8);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    static Entry ofGateway(Kind kind, int session, int position, int value) {
        return new Entry(kind, session, position, value, GATEWAY, 0, false);
    }

    Entry by(int writer, int writerEpoch) {
        return new Entry(kind, session, position, value, writer, writerEpoch, false);
    }

    Entry asFenced(boolean behindHigherEpoch) {
        return behindHigherEpoch == fenced
                ? this
                : new Entry(kind, session, position, value, stage, epoch, behindHigherEpoch);
    }

    /** All of it in one number. */
    int code() {
        int code = kind.code;
        code = (code << 1) | session;
        code = (code << 3) | position;
        code = (code << 10) | value;
        code = (code << 2) | (stage + 1);
        code = (code << 4) | epoch;
        return (code << 1) | (fenced ? 1 : 0);
    }

    @Override
    public String toString() {
        String writer = stage == GATEWAY ? "gateway" : "stage " + stage + " epoch " + epoch;
        String what =
                switch (kind) {
                    case ACTIVATION, TOKEN, LAST_TOKEN -> kind + " " + position + " of session " + session;
                    case OWNERSHIP -> kind.toString();
                    default -> kind + " of session " + session;
                };
        return what + " by " + writer;
    }
}
