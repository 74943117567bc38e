package io.tributary.models;

/**
 * How much of a stage's memory for keys and values is taken.
 *
 * @param usedPages pages that open sequences hold; one that several hold counts once
 * @param sharedPages those of them that more than one sequence holds
 * @param cachedPages pages that only the prefix cache keeps; it gives them up when a sequence needs them
 * @param totalPages pages that the budget allows
 * @param pageBytes bytes of a page: 64 positions over all layers of the stage
 */
public record KeyValueUse(int usedPages, int sharedPages, int cachedPages, int totalPages, long pageBytes) {

    /** Pages that sequences can still get, those of the prefix cache among them. */
    public int freePages() {
        return totalPages - usedPages;
    }
}
