package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;

import java.lang.foreign.MemorySegment;

/** Causal attention of one query row over pages of keys and values. */
public final class Attention {
    private Attention() {}

    /**
     * Writes the key and value row of one position into its page.
     *
     * @param page native memory of {@link KeyValueLayout#pageBytes()} bytes
     * @param slot the position modulo 64
     * @param keyRow float32, {@code keyValueHeads * headSize} values
     * @param valueRow float32, {@code keyValueHeads * headSize} values
     * @throws IllegalArgumentException when a segment is too short or the slot is out of range
     */
    public static void store(
            KeyValueLayout layout, MemorySegment page, int slot, MemorySegment keyRow, MemorySegment valueRow) {
        if (slot < 0 || slot >= PAGE_POSITIONS) {
            throw new IllegalArgumentException("slot " + slot + " of a page; slots are 0 to " + (PAGE_POSITIONS - 1));
        }
        long rowBytes = (long) layout.rowElements() * Float.BYTES;
        requireBytes("the page", page, layout.pageBytes());
        requireBytes("the key row", keyRow, rowBytes);
        requireBytes("the value row", valueRow, rowBytes);
        int headSize = layout.headSize();
        long headRowBytes = (long) headSize * Float.BYTES;
        int block = slot / Lanes.GROUP;
        for (int head = 0; head < layout.keyValueHeads(); head++) {
            long source = head * headRowBytes;
            long keys = layout.keysOffset(head)
                    + ((long) block * headSize * Lanes.GROUP + slot % Lanes.GROUP) * Float.BYTES;
            for (int d = 0; d < headSize; d++) {
                float key = keyRow.get(FLOAT, source + (long) d * Float.BYTES);
                page.set(FLOAT, keys + (long) d * Lanes.GROUP * Float.BYTES, key);
            }
            long values = layout.valuesOffset(head) + slot * headRowBytes;
            MemorySegment.copy(valueRow, source, page, values, headRowBytes);
        }
    }

    /**
     * Attends over the positions 0 to {@code keys - 1} with the query heads that share one key/value head (head h uses
     * key/value head {@code h * keyValueHeads / heads}) and writes their part of the output row.
     *
     * @param pages page i holds the positions from 64 * i; at least {@code keys} positions; native memory
     * @param queryRow float32, {@code heads * headSize} values
     * @param heads query heads, a multiple of the key/value heads
     * @param scale multiplies every score
     * @param outputRow float32, {@code heads * headSize} values, native memory
     * @param scratch native memory of at least {@link #scratchBytes} bytes for {@code keys}
     * @throws IllegalArgumentException when an argument does not fit the others
     */
    public static void attend(
            KeyValueLayout layout,
            MemorySegment[] pages,
            int keys,
            MemorySegment queryRow,
            int heads,
            int keyValueHead,
            float scale,
            MemorySegment outputRow,
            MemorySegment scratch) {
        requireFit(layout, pages, keys, keyValueHead);
        int sharing = sharingHeads(heads, layout);
        long rowBytes = (long) heads * layout.headSize() * Float.BYTES;
        requireBytes("the query row", queryRow, rowBytes);
        requireBytes("the output row", outputRow, rowBytes);
        requireBytes("the scratch memory", scratch, scratchBytes(heads, layout, keys));
        Scratch places = new Scratch(sharing, layout.headSize(), keys);
        long headBytes = (long) layout.headSize() * Float.BYTES;
        long firstHead = (long) keyValueHead * sharing * headBytes;
        for (int head = 0; head < sharing; head++) {
            MemorySegment.copy(queryRow, firstHead + head * headBytes, scratch, places.row(head), headBytes);
        }
        score(layout, pages, keyValueHead, scratch, places);
        for (int head = 0; head < sharing; head++) {
            scratch.set(FLOAT, places.inverseSum(head), 1f / weigh(scratch, places.scores(head), keys, scale));
        }
        sumValues(layout, pages, keyValueHead, scratch, places);
        for (int head = 0; head < sharing; head++) {
            float inverseSum = scratch.get(FLOAT, places.inverseSum(head));
            long target = firstHead + head * headBytes;
            AttentionKernels.scaleInto(scratch, places.row(head), inverseSum, outputRow, target, layout.headSize());
        }
    }

    /**
     * Returns the scratch bytes that {@link #attend} needs for at most {@code maximalKeys} positions.
     *
     * @throws IllegalArgumentException when heads is not a multiple of the key/value heads
     */
    public static long scratchBytes(int heads, KeyValueLayout layout, int maximalKeys) {
        return new Scratch(sharingHeads(heads, layout), layout.headSize(), maximalKeys).bytes();
    }

    private static void score(
            KeyValueLayout layout, MemorySegment[] pages, int keyValueHead, MemorySegment scratch, Scratch places) {
        long keysOffset = layout.keysOffset(keyValueHead);
        for (int page = 0; page * PAGE_POSITIONS < places.keys(); page++) {
            for (int head = 0; head < places.heads(); head++) {
                long scores = places.scores(head) + (long) page * PAGE_POSITIONS * Float.BYTES;
                AttentionKernels.scorePage(
                        pages[page], keysOffset, layout.headSize(), scratch, places.row(head), scores);
            }
        }
    }

    /** Turns raw scores into weights and returns their sum. */
    private static float weigh(MemorySegment scratch, long scores, int keys, float scale) {
        int padded = Math.ceilDiv(keys, Lanes.GROUP) * Lanes.GROUP;
        AttentionKernels.scaleInto(scratch, scores, scale, scratch, scores, keys);
        for (int key = keys; key < padded; key++) {
            scratch.set(FLOAT, scores + (long) key * Float.BYTES, Float.NEGATIVE_INFINITY);
        }
        float maximum = Softmax.maximum(scratch, scores, padded);
        return Softmax.exponentiate(scratch, scores, padded, maximum);
    }

    private static void sumValues(
            KeyValueLayout layout, MemorySegment[] pages, int keyValueHead, MemorySegment scratch, Scratch places) {
        Lanes.clear(scratch, places.row(0), places.scores(0) - places.row(0));
        long valuesOffset = layout.valuesOffset(keyValueHead);
        for (int page = 0; page * PAGE_POSITIONS < places.keys(); page++) {
            int count = Math.min(PAGE_POSITIONS, places.keys() - page * PAGE_POSITIONS);
            for (int head = 0; head < places.heads(); head++) {
                long weights = places.scores(head) + (long) page * PAGE_POSITIONS * Float.BYTES;
                sumPage(pages[page], valuesOffset, layout.headSize(), count, scratch, weights, places.row(head));
            }
        }
    }

    /** Adds the weighted values of one page to an accumulator row, four vectors of elements at a time, then singly. */
    private static void sumPage(
            MemorySegment page, long values, int headSize, int count, MemorySegment scratch, long weights, long sums) {
        int d = 0;
        for (; d <= headSize - 4 * Lanes.COUNT; d += 4 * Lanes.COUNT) {
            long offset = (long) d * Float.BYTES;
            AttentionKernels.sumFour(page, values + offset, headSize, count, scratch, weights, sums + offset);
        }
        for (; d < headSize; d += Lanes.COUNT) {
            long offset = (long) d * Float.BYTES;
            int lanes = Math.min(Lanes.COUNT, headSize - d);
            AttentionKernels.sumOne(page, values + offset, headSize, lanes, count, scratch, weights, sums + offset);
        }
    }

    private static int sharingHeads(int heads, KeyValueLayout layout) {
        if (heads < 1 || heads % layout.keyValueHeads() != 0) {
            throw new IllegalArgumentException(heads + " query heads cannot share " + layout.keyValueHeads()
                    + " key/value heads evenly; a positive multiple is needed");
        }
        return heads / layout.keyValueHeads();
    }

    private static void requireFit(KeyValueLayout layout, MemorySegment[] pages, int keys, int keyValueHead) {
        if (keyValueHead < 0 || keyValueHead >= layout.keyValueHeads()) {
            throw new IllegalArgumentException(
                    "key/value head " + keyValueHead + " of a layout of " + layout.keyValueHeads());
        }
        if (keys < 1 || Math.ceilDiv(keys, PAGE_POSITIONS) > pages.length) {
            throw new IllegalArgumentException(keys + " keys in " + pages.length + " pages of " + PAGE_POSITIONS
                    + " positions; at least one key and enough pages are needed");
        }
        for (int page = 0; page * PAGE_POSITIONS < keys; page++) {
            requireBytes("a page", pages[page], layout.pageBytes());
        }
    }

    private static void requireBytes(String name, MemorySegment segment, long bytes) {
        if (segment.byteSize() < bytes) {
            throw new IllegalArgumentException(
                    name + " has " + segment.byteSize() + " bytes, " + bytes + " are needed");
        }
    }

    /**
     * Where things stand in the scratch memory of one call: the inverse sums of the heads, their query rows (later the
     * accumulators of their outputs), their scores (later their weights).
     */
    private record Scratch(int heads, int headSize, int keys) {
        long inverseSum(int head) {
            return (long) head * Float.BYTES;
        }

        long row(int head) {
            return roundUp(heads, Lanes.GROUP) + head * roundUp(headSize, Lanes.GROUP);
        }

        long scores(int head) {
            return row(heads) + head * roundUp(keys, PAGE_POSITIONS);
        }

        long bytes() {
            return scores(heads);
        }

        private static long roundUp(int elements, int multiple) {
            return (long) Math.ceilDiv(elements, multiple) * multiple * Float.BYTES;
        }
    }
}
