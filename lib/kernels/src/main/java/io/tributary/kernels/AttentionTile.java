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
    int firstPosition;
    int firstRow;
    int positions;
    private MemorySegment @Nullable [] pages;

    /** @param scratch native memory of the {@link Attention#scratchBytes} of every attention that the tile serves */
    public AttentionTile(MemorySegment scratch) {
        this.scratch = scratch;
    }

    /**
     * Says which positions attend next.
     *
     * @param pages page i of the layer holds the sequence's positions from 64 * i; native memory
     * @param firstPosition the position of the first row
     * @param firstRow where it stands in the matrices of queries and outputs; its successors follow
     * @param positions how many there are, 1 to {@link Attention#tilePositions}
     */
    public void place(MemorySegment[] pages, int firstPosition, int firstRow, int positions) {
        this.pages = pages;
        this.firstPosition = firstPosition;
        this.firstRow = firstRow;
        this.positions = positions;
    }

    MemorySegment[] pages() {
        return Objects.requireNonNull(pages, "the tile has not been placed");
    }
}
