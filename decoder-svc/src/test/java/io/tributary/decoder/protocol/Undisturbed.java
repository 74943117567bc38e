package io.tributary.decoder.protocol;

/** The values of a run without faults: each is a function of all inputs before it. */
final class Undisturbed {
    /** The state of a session without positions. */
    static final int EMPTY_STATE = 1;

    private static final int BITS = 10;
    private final int[][][] inputs;

    Undisturbed(Bounds bounds) {
        inputs = new int[2][bounds.sessions()][bounds.endPosition()];
        for (int session = 0; session < bounds.sessions(); session++) {
            int first = EMPTY_STATE;
            int last = EMPTY_STATE;
            for (int position = 0; position < bounds.endPosition(); position++) {
                int token = position < bounds.promptLength() ? promptValue(session, position) : output(1, last);
                first = state(first, token);
                inputs[0][session][position] = token;
                inputs[1][session][position] = output(0, first);
                last = state(last, output(0, first));
            }
        }
    }

    static int promptValue(int session, int position) {
        return hash(session * 5 + position + 3);
    }

    /** The state behind another input. */
    static int state(int before, int input) {
        return hash(before * 1024 + input);
    }

    /** What a stage makes of its state: hidden states, or a token. */
    static int output(int stage, int state) {
        return hash(state * 2 + stage + 77_777);
    }

    /** Input of a stage at a position; for stage 0 the token there. */
    int input(int stage, int session, int position) {
        return inputs[stage][session][position];
    }

    private static int hash(int value) {
        int mixed = value * 0x9E3779B1;
        mixed = (mixed ^ (mixed >>> 15)) * 0x85EBCA77;
        return mixed >>> (Integer.SIZE - BITS);
    }
}
