package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.weights.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Final norm and unembedding of the rows that logits are wanted for. The memory for logits grows to the largest number
 * of rows that was ever wanted, because one row may be as long as a hundred hidden states.
 */
final class UnembeddingBlock implements AutoCloseable {
    private static final int INITIAL_ROWS = 8;

    private final NormBlock finalNorm;
    private final Projection unembedding;
    private final Workspace workspace;
    private final RowBuffer selected;
    private final OutputHead head;
    private LogitsMemory logits;
    private int rows;

    UnembeddingBlock(NormBlock finalNorm, Projection unembedding, int width, Workspace workspace) {
        this.finalNorm = finalNorm;
        this.unembedding = unembedding;
        this.workspace = workspace;
        this.selected = workspace.buffer("selected", width);
        this.head = new OutputHead(finalNorm, unembedding, workspace.pool());
        this.logits = new LogitsMemory(
                Math.min(INITIAL_ROWS, selected.maximalRows()),
                unembedding.weights().outputs());
    }

    /** Rows of logits that can be freed before the stage is. */
    private static final class LogitsMemory implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final RowBuffer rows;

        LogitsMemory(int maximalRows, int vocabulary) {
            rows = new RowBuffer(arena, maximalRows, vocabulary);
        }

        RowBuffer rows() {
            return rows;
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Computes the logits of the chunks that want them. */
    void run(Batch batch) {
        rows = 0;
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            int wanted = batch.logitsRows(chunk);
            int end = batch.firstRow(chunk) + batch.rows(chunk);
            for (int row = end - wanted; row < end; row++) {
                MemorySegment.copy(workspace.residual().row(row), 0, selected.row(rows), 0, rowBytes());
                rows++;
            }
        }
        if (rows > 0) {
            grow();
            finalNorm.apply(selected.front(rows), selected.front(rows), workspace.pool());
            unembedding.apply(selected.front(rows), logits.rows().front(rows), workspace.pool());
            requireFinite(batch);
        }
    }

    /** The logits of the last run [rows wanted, vocabulary]. */
    FloatMatrix logits() {
        return logits.rows().front(rows);
    }

    /** The same for rows that no batch wanted logits of. */
    OutputHead head() {
        return head;
    }

    @Override
    public void close() {
        logits.close();
        head.close();
    }

    private long rowBytes() {
        return (long) unembedding.weights().inputs() * Float.BYTES;
    }

    private void grow() {
        if (rows <= logits.rows().maximalRows()) {
            return;
        }
        int capacity = Math.min(
                selected.maximalRows(), Math.max(rows, 2 * logits.rows().maximalRows()));
        logits.close();
        logits = new LogitsMemory(capacity, unembedding.weights().outputs());
    }

    private void requireFinite(Batch batch) {
        int vocabulary = unembedding.weights().outputs();
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            int first = batch.firstLogitsRow(chunk);
            int wanted = batch.logitsRows(chunk);
            for (int row = 0; row < wanted; row++) {
                if (NonFiniteNumbers.any(logits.rows().row(first + row), 0, vocabulary)) {
                    int position = batch.firstPosition(chunk) + batch.rows(chunk) - wanted + row;
                    throw new NonFiniteActivationException(batch.sequence(chunk), position, "the unembedding");
                }
            }
        }
    }
}
