package io.tributary.log;

import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * One lane of an in-process topic: the records that some reader still needs, and the latest before them. Guarded by the
 * topic's lock.
 */
final class RecordLane<T extends Message> {
    private static final int INITIAL_CAPACITY = 16;

    private final LaneBounds bounds;
    // The record with offset o lies at o modulo the length, which is a power of two.
    private @Nullable LogRecord<T>[] ring = ring(INITIAL_CAPACITY);
    private long first;
    private long end;
    private long bytes;
    // Nobody needs the records below; how many bytes they have is counted as this end moves.
    private long spareEnd;
    private long spareBytes;

    RecordLane(LaneBounds bounds) {
        this.bounds = bounds;
    }

    /** Offset of the oldest record that is kept, or {@link #end()}. */
    long first() {
        return first;
    }

    /** Offset of the next record to be appended. */
    long end() {
        return end;
    }

    /** Serialised size of the records that are kept. */
    long bytes() {
        return bytes;
    }

    /**
     * Forgets the oldest records that nobody needs, as far as they are more than may be spared or a record needs the room.
     *
     * @param needed oldest offset that somebody needs; may lie beyond the end
     * @param recordBytes serialised size of a record to be appended, or 0
     */
    void spare(long needed, int recordBytes) {
        moveSpareEnd(Math.clamp(needed, first, end));
        while (first < spareEnd && (hasTooManySpare() || !hasRoomFor(recordBytes))) {
            dropBelow(first + 1);
        }
    }

    private boolean hasTooManySpare() {
        return spareEnd - first > bounds.spareRecords() || spareBytes > bounds.spareBytes();
    }

    private void moveSpareEnd(long offset) {
        while (spareEnd < offset) {
            spareBytes += size(spareEnd++);
        }
        while (spareEnd > offset) {
            spareBytes -= size(--spareEnd);
        }
    }

    boolean hasRoomFor(int recordBytes) {
        return end - first < bounds.records() && bytes + recordBytes <= bounds.bytes();
    }

    /** Appends a record whose offset is {@link #end()}; there must be room. */
    void append(LogRecord<T> record) {
        if (end - first == ring.length) {
            grow();
        }
        ring[slot(end)] = record;
        bytes += record.value().getSerializedSize();
        end++;
    }

    /** The record at an offset from {@link #first()} to {@link #end()} - 1. */
    LogRecord<T> record(long offset) {
        LogRecord<T> record = ring[slot(offset)];
        if (record == null) {
            throw new IndexOutOfBoundsException(
                    "offset %d is not kept; those from %d to %d are".formatted(offset, first, end - 1));
        }
        return record;
    }

    /** Forgets the records below an offset. */
    void dropBelow(long offset) {
        for (long dropped = first; dropped < Math.min(offset, end); dropped++) {
            int size = size(dropped);
            bytes -= size;
            spareBytes -= dropped < spareEnd ? size : 0;
            ring[slot(dropped)] = null;
            first++;
        }
        spareEnd = Math.max(spareEnd, first);
    }

    private int size(long offset) {
        return record(offset).value().getSerializedSize();
    }

    private void grow() {
        @Nullable LogRecord<T>[] larger = ring(ring.length * 2);
        for (long offset = first; offset < end; offset++) {
            larger[(int) (offset & (larger.length - 1))] = ring[slot(offset)];
        }
        ring = larger;
    }

    private int slot(long offset) {
        return (int) (offset & (ring.length - 1));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T extends Message> @Nullable LogRecord<T>[] ring(int capacity) {
        return new LogRecord[capacity];
    }
}
