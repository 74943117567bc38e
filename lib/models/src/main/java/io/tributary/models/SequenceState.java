package io.tributary.models;

import io.tributary.kernels.KeyValueLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a stage remembers of one sequence: keys and values of its positions. Pages are taken as the sequence grows and
 * go back to the stage on {@link #close}. Full pages may be those of other sequences that begin alike: only the last page is
 * ever written to, and that one is the sequence's own. For the thread that calls {@link DecoderStage#forward} only.
 */
public final class SequenceState implements AutoCloseable {
    private final KeyValuePool pool;
    private final int maximalPositions;
    private final double[][] frequencies;
    private final MemorySegment[][] layerPages;
    private @Nullable KeyValuePage[] pages;
    private int pageCount;
    private int positions;
    private @Nullable SequencePrefix prefix;
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

    double[][] frequencies() {
        return frequencies;
    }

    /** Whether the sequence takes its pages from that pool. */
    boolean ofPool(KeyValuePool other) {
        return pool == other;
    }

    /** What is known of the sequence's tokens; null before anything is. */
    @Nullable
    SequencePrefix prefix() {
        return prefix;
    }

    void know(SequencePrefix known) {
        prefix = known;
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
            place(index, page(index));
        }
        pageCount = needed;
    }

    /**
     * Makes this new sequence begin with the first positions of another one: full pages are shared, and what those
     * positions fill of a further page is copied.
     *
     * @throws KeyValueExhaustedException if there is no page for the copy; it names the source, and nothing has changed
     */
    void beginAs(SequenceState source, int count) {
        int full = count / KeyValueLayout.PAGE_POSITIONS;
        int needed = Math.ceilDiv(count, KeyValueLayout.PAGE_POSITIONS);
        widen(needed);
        // The page for the copy comes first: it is the one that can be missing.
        if (!pool.take(pages, full, needed)) {
            throw new KeyValueExhaustedException(source, needed - full, pool.use());
        }
        for (int index = 0; index < full; index++) {
            pool.share(source.page(index));
            place(index, source.page(index));
        }
        if (full < needed) {
            page(full).copy(source.page(full));
            place(full, page(full));
        }
        pageCount = needed;
        positions = count;
        prefix = source.prefix == null ? null : source.prefix.upTo(count);
    }

    /** Goes on by a full page that the pool holds for this sequence; only where a page begins. */
    void adopt(KeyValuePage page) {
        int index = positions / KeyValueLayout.PAGE_POSITIONS;
        // A forward pass that failed may have left a page that was reserved.
        release(index);
        widen(index + 1);
        place(index, page);
        pageCount = index + 1;
        positions += KeyValueLayout.PAGE_POSITIONS;
    }

    /** Offers a full page to the pool's cache, and goes on with the page that is cached, which has the same bits. */
    void cache(int index, PrefixKey key) {
        place(index, pool.cache(key, page(index)));
    }

    void advance(int rows) {
        positions += rows;
    }

    private KeyValuePage page(int index) {
        return Objects.requireNonNull(pages[index]);
    }

    private void place(int index, KeyValuePage page) {
        pages[index] = page;
        for (int layer = 0; layer < layerPages.length; layer++) {
            layerPages[layer][index] = page.layer(layer);
        }
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
