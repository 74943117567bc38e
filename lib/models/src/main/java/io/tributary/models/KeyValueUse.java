package io.tributary.models;

/**
 * How much of a stage's memory for keys and values is taken.
 *
 * @param usedPages pages that open sequences hold
 * @param totalPages pages that the budget allows
 * @param pageBytes bytes of a page: 64 positions over all layers of the stage
 */
public record KeyValueUse(int usedPages, int totalPages, long pageBytes) {

    /** Pages that are left. */
    public int freePages() {
        return totalPages - usedPages;
    }
}
