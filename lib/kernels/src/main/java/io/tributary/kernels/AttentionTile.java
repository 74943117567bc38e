package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive positions of one sequence that attend together, and the memory that they do it in. Each worker has one and
 * places it anew for each call of {@link Attention#attend}, which keeps the calls free of allocation. Not thread-safe.
 */
public final class AttentionTile {
    final MemorySegment scratch;
    final AttentionOperands operands = new AttentionOperands();
    /** Keys that the first row sees. */
    int keysOfFirst;
    /** Keys that each row sees more than the row before it: 1 if attention is causal, 0 if all rows see the same. */
    int moreKeys;

    int firstRow;
    int positions;
    private MemorySegment @Nullable [] pages;

    /** @param scratch native memory of the {@link Attention#scratchBytes} of every attention that the tile serves */
    public AttentionTile(MemorySegment scratch) {
        this.scratch = scratch;
    }

    /**
     * Says which positions attend next, each to itself and all before it.
     *
     * @param pages page i of the layer holds the sequence's positions from 64 * i; native memory
     * @param firstPosition the position of the first row
     * @param firstRow where it stands in the matrices of queries and outputs; its successors follow
     * @param positions how many there are, 1 to {@link Attention#tilePositions}
     */
    public void place(MemorySegment[] pages, int firstPosition, int firstRow, int positions) {
        place(pages, firstPosition + 1, 1, firstRow, positions);
    }

    /**
     * Says which positions attend next, each to the same keys: of its own sequence (bidirectional), or of another one (cross
     * attention).
     *
     * @param pages page i of the layer holds the keys and values from 64 * i; native memory
     * @param keys how many there are, 1 or more
     * @param firstRow where the first position stands in the matrices of queries and outputs; the others follow
     * @param positions how many there are, 1 to {@link Attention#tilePositions}
     */
    public void placeAmong(MemorySegment[] pages, int keys, int firstRow, int positions) {
        place(pages, keys, 0, firstRow, positions);
    }

    private void place(MemorySegment[] pages, int keysOfFirst, int moreKeys, int firstRow, int positions) {
        this.pages = pages;
        this.keysOfFirst = keysOfFirst;
        this.moreKeys = moreKeys;
        this.firstRow = firstRow;
        this.positions = positions;
    }

    /** Keys that the last row sees, which are all that any row sees. */
    int keys() {
        return keysOfFirst + moreKeys * (positions - 1);
    }

    MemorySegment[] pages() {
        return Objects.requireNonNull(pages, "the tile has not been placed");
    }
}
