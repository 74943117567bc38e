package io.tributary.models;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Which sequence and position each row of the current batch is. Checks a batch before anything is computed. */
final class RowPlan {
    private final @Nullable SequenceState[] sequences;
    private final int[] positions;
    private final int[] runEnds;
    private int rows;
    private int runs;

    RowPlan(int maximalRows) {
        sequences = new SequenceState[maximalRows];
        positions = new int[maximalRows];
        runEnds = new int[maximalRows];
    }

    int rows() {
        return rows;
    }

    SequenceState sequence(int row) {
        SequenceState sequence = sequences[row];
        if (sequence == null) {
            throw new IndexOutOfBoundsException("row " + row + " of a batch of " + rows + " rows");
        }
        return sequence;
    }

    int position(int row) {
        return positions[row];
    }

    /** Number of runs: rows that follow each other and are of one sequence. */
    int runs() {
        return runs;
    }

    /** The row behind the last one of each run; the first {@link #runs()} elements count. */
    int[] runEnds() {
        return runEnds;
    }

    /** The row behind the last of those that follow a row without a gap and are of its sequence. */
    int endOfRun(int row) {
        int end = row + 1;
        while (end < rows && sequences[end] == sequences[row]) {
            end++;
        }
        return end;
    }

    /**
     * Lays out the rows of a batch and reserves the pages that they need.
     *
     * @throws PositionException if a chunk does not follow what its sequence has
     * @throws KeyValueExhaustedException if the pages do not suffice
     */
    void place(Batch batch) {
        if (batch.rows() < 1 || batch.rows() > sequences.length) {
            throw new IllegalArgumentException("a batch of " + batch.rows()
                    + " rows can't be computed; the stage was made for 1 to " + sequences.length);
        }
        rows = 0;
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            place(batch, chunk);
        }
        findRuns();
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            batch.sequence(chunk).reserve(batch.firstPosition(chunk) + batch.rows(chunk));
        }
    }

    /** Records that the rows have been computed. */
    void advance() {
        for (int row = 0; row < rows; row++) {
            sequence(row).advance(1);
        }
    }

    /** The operation left only finite numbers in the rows [rows, columns] of the memory. */
    void requireFinite(MemorySegment data, int columns, String operation) {
        if (NonFiniteNumbers.any(data, 0, (long) rows * columns)) {
            for (int row = 0; row < rows; row++) {
                if (NonFiniteNumbers.any(data, (long) row * columns, columns)) {
                    throw new NonFiniteActivationException(sequence(row), position(row), operation);
                }
            }
        }
    }

    private void findRuns() {
        runs = 0;
        for (int row = 0; row < rows; row = runEnds[runs - 1]) {
            runEnds[runs] = endOfRun(row);
            runs++;
        }
    }

    private void place(Batch batch, int chunk) {
        SequenceState sequence = batch.sequence(chunk);
        if (sequence.closed()) {
            throw new IllegalStateException("a batch holds a sequence that has been closed");
        }
        int expected = sequence.positions();
        for (int row = rows - 1; row >= 0; row--) {
            if (sequences[row] == sequence) {
                expected = positions[row] + 1;
                break;
            }
        }
        int first = batch.firstPosition(chunk);
        if (first != expected) {
            throw new PositionException(
                    sequence, "a chunk begins at position " + first + " but the sequence goes on at " + expected);
        }
        if (batch.rows(chunk) > sequence.maximalPositions() - first) {
            throw new PositionException(
                    sequence,
                    "a chunk of " + batch.rows(chunk) + " rows at position " + first + " goes beyond the "
                            + sequence.maximalPositions() + " positions that the sequence declared");
        }
        for (int index = 0; index < batch.rows(chunk); index++) {
            sequences[rows] = sequence;
            positions[rows] = first + index;
            rows++;
        }
    }
}
