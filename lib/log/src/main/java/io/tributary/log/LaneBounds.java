package io.tributary.log;

/**
 * How much a lane of the in-process log may hold.
 *
 * @param records number of records, at least 1
 * @param bytes serialised size of the records together, at least {@link LogWriter#MAXIMAL_RECORD_BYTES}
 * @param spareRecords number of records that are kept although nobody needs them any more, at least 0
 * @param spareBytes serialised size of these together, at least 0
 */
public record LaneBounds(int records, long bytes, int spareRecords, long spareBytes) {
    /**
     * Enough for the sessions that live on a lane to be rebuilt: 262,144 records of together 64 MiB; of what nobody needs
     * 4,096 records of together 4 MiB, for readers that look back.
     */
    public static final LaneBounds DEFAULT = new LaneBounds(262_144, 64L << 20, 4096, 4L << 20);

    /** @throws IllegalArgumentException for bounds that a single allowed record would break, or negative ones */
    public LaneBounds {
        if (records < 1 || bytes < LogWriter.MAXIMAL_RECORD_BYTES) {
            throw new IllegalArgumentException("a lane bounded to %d records and %d bytes; at least 1 and %d are needed"
                    .formatted(records, bytes, LogWriter.MAXIMAL_RECORD_BYTES));
        }
        if (spareRecords < 0 || spareBytes < 0) {
            throw new IllegalArgumentException("a lane that spares %d records and %d bytes; at least 0 are needed"
                    .formatted(spareRecords, spareBytes));
        }
    }
}
