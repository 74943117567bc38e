package io.tributary.log;

/**
 * How much a lane of the in-process log may hold.
 *
 * @param records number of records, at least 1
 * @param bytes serialised size of the records together, at least {@link LogWriter#MAXIMAL_RECORD_BYTES}
 */
public record LaneBounds(int records, long bytes) {
    /** Enough for some thousand positions in flight on every lane: 8,192 records of together 64 MiB. */
    public static final LaneBounds DEFAULT = new LaneBounds(8192, 64L << 20);

    /** @throws IllegalArgumentException for bounds that a single allowed record would break */
    public LaneBounds {
        if (records < 1 || bytes < LogWriter.MAXIMAL_RECORD_BYTES) {
            throw new IllegalArgumentException("a lane bounded to %d records and %d bytes; at least 1 and %d are needed"
                    .formatted(records, bytes, LogWriter.MAXIMAL_RECORD_BYTES));
        }
    }
}
