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
 * the next sequence. Thread-safe.
 */
final class KeyValuePool {
    private final Arena arena;
    private final List<KeyValueLayout> layers;
    private final long pageBytes;
    private final int totalPages;
    private final Deque<KeyValuePage> free = new ArrayDeque<>();
    private int usedPages;

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
        return new KeyValueUse(usedPages, totalPages, pageBytes);
    }

    /** Fills {@code pages[from..to)}, or returns false and changes nothing if fewer are free. */
    synchronized boolean take(@Nullable KeyValuePage[] pages, int from, int to) {
        if (to - from > totalPages - usedPages) {
            return false;
        }
        for (int index = from; index < to; index++) {
            KeyValuePage page = free.poll();
            pages[index] = page == null ? allocate() : page;
        }
        usedPages += to - from;
        return true;
    }

    synchronized void giveBack(KeyValuePage page) {
        free.push(page);
        usedPages--;
    }

    private KeyValuePage allocate() {
        MemorySegment[] parts = new MemorySegment[layers.size()];
        for (int layer = 0; layer < parts.length; layer++) {
            parts[layer] = arena.allocate(layers.get(layer).pageBytes(), FloatMatrix.ALIGNMENT);
        }
        return new KeyValuePage(parts);
    }
}
