package io.tributary.models;

import io.tributary.kernels.KeyValueLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The sequences that an encoder computes together: where their rows are, and the pages that keep their keys and values while
 * one layer attends. All layers use the same pages.
 */
final class EncoderSequences {
    private final int maximalRows;
    private final int maximalSequences;
    private final MemorySegment[] pages;
    private int[] ends = {};
    private MemorySegment[][] pagesOf = {};

    /** @param maximalSequences of a batch; each may leave a page of its own partly empty */
    EncoderSequences(Arena arena, KeyValueLayout layout, int maximalRows, int maximalSequences) {
        this.maximalRows = maximalRows;
        this.maximalSequences = maximalSequences;
        pages = new MemorySegment[maximalRows / KeyValueLayout.PAGE_POSITIONS + maximalSequences];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = arena.allocate(layout.pageBytes(), Float.BYTES * 16L);
        }
    }

    /**
     * Lays out the sequences one after the other.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    void place(int[] lengths) {
        if (lengths.length > maximalSequences) {
            throw new IllegalArgumentException(lengths.length + " sequences in a batch of at most " + maximalSequences);
        }
        int row = 0;
        int page = 0;
        ends = new int[lengths.length];
        pagesOf = new MemorySegment[lengths.length][];
        for (int sequence = 0; sequence < lengths.length; sequence++) {
            int length = lengths[sequence];
            int needed = Math.ceilDiv(length, KeyValueLayout.PAGE_POSITIONS);
            if (length < 1 || length > maximalRows - row || needed > pages.length - page) {
                throw new IllegalArgumentException("sequence " + sequence + " of " + lengths.length + " has " + length
                        + " positions where " + (maximalRows - row) + " rows and " + (pages.length - page)
                        + " pages are left");
            }
            MemorySegment[] own = new MemorySegment[needed];
            System.arraycopy(pages, page, own, 0, needed);
            pagesOf[sequence] = own;
            page += needed;
            row += length;
            ends[sequence] = row;
        }
    }

    int count() {
        return ends.length;
    }

    /** Rows of all sequences. */
    int rows() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    int firstRow(int sequence) {
        return sequence == 0 ? 0 : ends[sequence - 1];
    }

    int length(int sequence) {
        return ends[sequence] - firstRow(sequence);
    }

    MemorySegment[] pages(int sequence) {
        return pagesOf[sequence];
    }
}
