package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;

import java.lang.foreign.MemorySegment;

/** Writes keys and values into the pages that attention reads. */
public final class KeyValueStore {
    private KeyValueStore() {}

    /**
     * Writes one head's key and value of a position into its page.
     *
     * @param page native memory of {@link KeyValueLayout#pageBytes()} bytes
     * @param slot the position modulo 64
     * @param keyRow float32, {@code keyValueHeads * headSize} values, of which the head's are taken
     * @param valueRow float32, {@code keyValueHeads * headSize} values, of which the head's are taken
     * @throws IllegalArgumentException when a segment is too short or a number is out of range
     */
    public static void store(
            KeyValueLayout layout,
            MemorySegment page,
            int slot,
            int head,
            MemorySegment keyRow,
            MemorySegment valueRow) {
        if (slot < 0 || slot >= PAGE_POSITIONS) {
            throw new IllegalArgumentException("slot " + slot + " of a page; slots are 0 to " + (PAGE_POSITIONS - 1));
        }
        if (head < 0 || head >= layout.keyValueHeads()) {
            throw new IllegalArgumentException("key/value head " + head + " of a layout of " + layout.keyValueHeads());
        }
        long rowBytes = (long) layout.rowElements() * Float.BYTES;
        requireBytes("the page", page, layout.pageBytes());
        requireBytes("the key row", keyRow, rowBytes);
        requireBytes("the value row", valueRow, rowBytes);
        int headSize = layout.headSize();
        long headBytes = (long) headSize * Float.BYTES;
        long source = head * headBytes;
        MemorySegment.copy(valueRow, source, page, layout.headOffset(head) + slot * headBytes, headBytes);
        long keys = layout.headOffset(head) + layout.keysOffset() + (long) slot * Float.BYTES;
        for (int d = 0; d < headSize; d++) {
            float key = keyRow.get(FLOAT, source + (long) d * Float.BYTES);
            page.set(FLOAT, keys + (long) d * PAGE_POSITIONS * Float.BYTES, key);
        }
    }

    private static void requireBytes(String name, MemorySegment segment, long bytes) {
        if (segment.byteSize() < bytes) {
            throw new IllegalArgumentException(
                    name + " has " + segment.byteSize() + " bytes, " + bytes + " are needed");
        }
    }
}
