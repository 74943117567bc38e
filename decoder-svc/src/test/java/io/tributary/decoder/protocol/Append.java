package io.tributary.decoder.protocol;

/**
 * An append that the log has not taken yet.
 *
 * @param cause offset of the record that it is an effect of, or {@link #NO_RECORD}
 */
record Append(Entry entry, int cause) {
    static final int NO_RECORD = -1;

    long code() {
        return ((long) entry.code() << 8) | (cause + 1);
    }
}
