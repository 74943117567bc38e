package io.tributary.grammars;

/** A set of bytes, as four words of 64 bits. */
record ByteSet(long w0, long w1, long w2, long w3) {
    static final ByteSet NONE = new ByteSet(0, 0, 0, 0);

    static ByteSet range(int first, int last) {
        ByteSet set = NONE;
        for (int b = first; b <= last; b++) {
            set = set.with(b);
        }
        return set;
    }

    boolean contains(int b) {
        return (word(b >> 6) >>> b & 1) != 0;
    }

    ByteSet plus(ByteSet other) {
        return new ByteSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
    }

    private ByteSet with(int b) {
        long bit = 1L << b;
        return switch (b >> 6) {
            case 0 -> new ByteSet(w0 | bit, w1, w2, w3);
            case 1 -> new ByteSet(w0, w1 | bit, w2, w3);
            case 2 -> new ByteSet(w0, w1, w2 | bit, w3);
            default -> new ByteSet(w0, w1, w2, w3 | bit);
        };
    }

    private long word(int index) {
        return switch (index) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            default -> w3;
        };
    }
}
