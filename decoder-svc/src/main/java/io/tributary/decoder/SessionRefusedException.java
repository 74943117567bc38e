package io.tributary.decoder;

import com.google.rpc.Code;

/** A session that this shard cannot open or cannot go on with; the message is for the client. */
final class SessionRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Code code;
    private final String problem;

    SessionRefusedException(Code code, String message) {
        super(message);
        this.code = code;
        this.problem = message;
    }

    /** What went wrong, for the client. */
    String problem() {
        return problem;
    }

    /** What kind of failure it is, for the client. */
    Code code() {
        return code;
    }
}
