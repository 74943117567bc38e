package io.tributary.models;

import io.tributary.kernels.KeyValueLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a stage remembers of one sequence: keys and values of its positions. Pages are taken as the sequence grows and
 * go back to the stage on {@link #close}. For the thread that calls {@link DecoderStage#forward} only.
 */
public final class SequenceState implements AutoCloseable {
    private final KeyValuePool pool;
    private final int maximalPositions;
    private final double[][] frequencies;
    private final MemorySegment[][] layerPages;
    private @Nullable KeyValuePage[] pages;
    private int pageCount;
    private int positions;
    private boolean closed;

    /**
     * @param layers number of layers of the stage
     * @param frequencies rotary frequencies by rotary table
     */
    SequenceState(KeyValuePool pool, int layers, int maximalPositions, double[][] frequencies) {
        this.pool = pool;
        this.maximalPositions = maximalPositions;
        this.frequencies = frequencies;
        this.pages = new KeyValuePage[1];
        this.layerPages = new MemorySegment[layers][1];
    }

    /** Number of positions computed so far: the position that the next chunk must begin with. */
    public int positions() {
        return positions;
    }

    /** Number of positions that were declared when the sequence was opened. */
    public int maximalPositions() {
        return maximalPositions;
    }

    /** Gives the pages back. Idempotent. */
    @Override
    public void close() {
        closed = true;
        release(0);
    }

    boolean closed() {
        return closed;
    }

    double[] frequencies(int table) {
        return frequencies[table];
    }

    /** The pages of a layer, by position divided by 64; entries beyond those reserved are of no meaning. */
    MemorySegment[] pages(int layer) {
        return layerPages[layer];
    }

    /**
     * Takes the pages for positions below {@code end}.
     *
     * @throws KeyValueExhaustedException if there are not enough; then only pages of computed positions are kept
     */
    void reserve(int end) {
        int needed = Math.ceilDiv(end, KeyValueLayout.PAGE_POSITIONS);
        if (needed <= pageCount) {
            return;
        }
        widen(needed);
        if (!pool.take(pages, pageCount, needed)) {
            int missing = needed - pageCount;
            release(Math.ceilDiv(positions, KeyValueLayout.PAGE_POSITIONS));
            throw new KeyValueExhaustedException(this, missing, pool.use());
        }
        for (int index = pageCount; index < needed; index++) {
            KeyValuePage page = pages[index];
            if (page != null) {
                for (int layer = 0; layer < layerPages.length; layer++) {
                    layerPages[layer][index] = page.layer(layer);
                }
            }
        }
        pageCount = needed;
    }

    void advance(int rows) {
        positions += rows;
    }

    private void widen(int needed) {
        if (needed <= pages.length) {
            return;
        }
        int most = Math.ceilDiv(maximalPositions, KeyValueLayout.PAGE_POSITIONS);
        int capacity = Math.min(most, Math.max(needed, 2 * pages.length));
        pages = Arrays.copyOf(pages, capacity);
        for (int layer = 0; layer < layerPages.length; layer++) {
            layerPages[layer] = Arrays.copyOf(layerPages[layer], capacity);
        }
    }

    private void release(int kept) {
        while (pageCount > kept) {
            pageCount--;
            KeyValuePage page = pages[pageCount];
            pages[pageCount] = null;
            if (page != null) {
                pool.giveBack(page);
            }
        }
    }
}
