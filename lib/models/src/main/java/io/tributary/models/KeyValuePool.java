package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pages of keys and values of a stage, within a budget. Memory is taken when a page is first needed and then kept for
 * the next sequence. A page is free again when the last sequence lets go of it, unless it is cached: then it keeps its
 * content until a sequence needs a page and none is free. Thread-safe.
 */
final class KeyValuePool {
    private final Arena arena;
    private final List<KeyValueLayout> layers;
    private final long pageBytes;
    private final int totalPages;
    private final Deque<KeyValuePage> free = new ArrayDeque<>();
    private final CachedPages cached = new CachedPages();
    private int allocatedPages;
    private int usedPages;
    private int sharedPages;

    /**
     * @param budget bytes that all pages may take together
     * @param layers the layout of each layer's part of a page
     */
    KeyValuePool(Arena arena, long budget, List<KeyValueLayout> layers) {
        this.arena = arena;
        this.layers = List.copyOf(layers);
        this.pageBytes = layers.stream().mapToLong(KeyValueLayout::pageBytes).sum();
        if (budget < pageBytes) {
            throw new IllegalArgumentException("a key/value budget of " + budget + " bytes holds no page: "
                    + KeyValueLayout.PAGE_POSITIONS + " positions over " + layers.size() + " layers take " + pageBytes);
        }
        // Positions of all pages together stay an int.
        this.totalPages = (int) Math.min(budget / pageBytes, Integer.MAX_VALUE / KeyValueLayout.PAGE_POSITIONS);
    }

    synchronized KeyValueUse use() {
        return new KeyValueUse(usedPages, sharedPages, cached.idle(), totalPages, pageBytes);
    }

    /**
     * Fills {@code pages[from..to)} with pages that nobody else holds, or returns false and changes nothing if fewer can be
     * had.
     */
    synchronized boolean take(@Nullable KeyValuePage[] pages, int from, int to) {
        if (to - from > totalPages - usedPages) {
            return false;
        }
        for (int index = from; index < to; index++) {
            KeyValuePage page = unused();
            page.hold();
            pages[index] = page;
        }
        usedPages += to - from;
        return true;
    }

    /** One more sequence holds a full page that another one holds. */
    synchronized void share(KeyValuePage page) {
        hold(page);
    }

    /** The full page that is cached under a key, held by one more sequence now; null if there is none. */
    synchronized @Nullable KeyValuePage find(PrefixKey key) {
        KeyValuePage page = cached.find(key);
        if (page != null) {
            hold(page);
        }
        return page;
    }

    /**
     * Caches a full page that a sequence holds, or has it let go of the page if an equal one is cached already.
     *
     * @return the page that is cached, which the sequence holds in place of its own
     */
    synchronized KeyValuePage cache(PrefixKey key, KeyValuePage page) {
        KeyValuePage present = cached.find(key);
        if (present == null) {
            // A page that is known by another key keeps it: what it was found under must lead to it or to nothing.
            if (page.key() == null) {
                cached.add(key, page);
            }
            return page;
        }
        if (present != page) {
            hold(present);
            giveBack(page);
        }
        return present;
    }

    synchronized void giveBack(KeyValuePage page) {
        int holders = page.letGo();
        if (holders == 1) {
            sharedPages--;
        } else if (holders == 0) {
            usedPages--;
            rest(page);
        }
    }

    /** Forgets which tokens the pages hold; those that no sequence holds are free at once. */
    synchronized void forgetCached() {
        for (KeyValuePage page = cached.evict(); page != null; page = cached.evict()) {
            free.push(page);
        }
        cached.forget();
    }

    private void hold(KeyValuePage page) {
        int holders = page.hold();
        if (holders == 1) {
            cached.wake(page);
            usedPages++;
        } else if (holders == 2) {
            sharedPages++;
        }
    }

    private void rest(KeyValuePage page) {
        if (page.key() == null) {
            free.push(page);
        } else {
            cached.rest(page);
        }
    }

    private KeyValuePage unused() {
        KeyValuePage page = free.poll();
        if (page == null && allocatedPages == totalPages) {
            page = cached.evict();
        }
        return page == null ? allocate() : page;
    }

    private KeyValuePage allocate() {
        MemorySegment[] parts = new MemorySegment[layers.size()];
        for (int layer = 0; layer < parts.length; layer++) {
            parts[layer] = arena.allocate(layers.get(layer).pageBytes(), FloatMatrix.ALIGNMENT);
        }
        allocatedPages++;
        return new KeyValuePage(parts);
    }
}
