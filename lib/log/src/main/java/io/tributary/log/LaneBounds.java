package io.tributary.log;

/**
 * How much a lane of the in-process log may hold.
 *
 * @param records number of records, at least 1
 * @param bytes serialised size of the records together, at least {@link LogWriter#MAXIMAL_RECORD_BYTES}
 * @param idleRecords number of records that are kept although no reader needs them, at least 0
 * @param idleBytes what a lane may hold before it forgets records that no reader needs, at least 0
 */
public record LaneBounds(int records, long bytes, int idleRecords, long idleBytes) {
    /** Some thousand sessions of some hundred tokens on every lane: 262,144 records of together 64 MiB. */
    public static final LaneBounds DEFAULT = new LaneBounds(262_144, 64L << 20, 4096, 4L << 20);

    /** @throws IllegalArgumentException for bounds that a single allowed record would break */
    public LaneBounds {
        if (records < 1 || bytes < LogWriter.MAXIMAL_RECORD_BYTES) {
            throw new IllegalArgumentException("a lane bounded to %d records and %d bytes; at least 1 and %d are needed"
                    .formatted(records, bytes, LogWriter.MAXIMAL_RECORD_BYTES));
        }
        if (idleRecords < 0 || idleBytes < 0) {
            throw new IllegalArgumentException("a lane that keeps %d records and %d bytes without need; at least 0"
                    .formatted(idleRecords, idleBytes));
        }
    }
}
