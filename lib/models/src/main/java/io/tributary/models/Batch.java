package io.tributary.models;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of sequences that one forward pass computes together. A chunk is a run of consecutive positions of a sequence;
 * a sequence may have several chunks, in order. Reused: {@link #clear} makes it empty. Not thread-safe.
 */
public final class Batch {
    private final int maximalRows;
    private final @Nullable SequenceState[] sequences;
    private final @Nullable MemorySegment[] hiddenStates;
    private final int[] firstPositions;
    /** The row at which each chunk begins, and behind the last chunk the row at which it ends. */
    private final int[] firstRows;

    private final LogitsRows[] wanted;
    private final int[] tokens;
    private int chunks;

    /** @param maximalRows positions of all chunks together; at most {@link DecoderStage#maximalRows} */
    public Batch(int maximalRows) {
        if (maximalRows < 1) {
            throw new IllegalArgumentException("a batch of at most " + maximalRows + " rows can hold nothing");
        }
        this.maximalRows = maximalRows;
        sequences = new SequenceState[maximalRows];
        hiddenStates = new MemorySegment[maximalRows];
        firstPositions = new int[maximalRows];
        firstRows = new int[maximalRows + 1];
        wanted = new LogitsRows[maximalRows];
        tokens = new int[maximalRows];
    }

    /**
     * Adds a chunk for the first stage.
     *
     * @param firstPosition the position of the first token
     * @param tokenIds the tokens, at least one; copied
     * @return the index of the chunk
     */
    public int add(SequenceState sequence, int firstPosition, int[] tokenIds, LogitsRows logitsRows) {
        int row = rows();
        int chunk = add(sequence, firstPosition, tokenIds.length, logitsRows);
        System.arraycopy(tokenIds, 0, tokens, row, tokenIds.length);
        return chunk;
    }

    /**
     * Adds a chunk for a later stage.
     *
     * @param firstPosition the position of the first row
     * @param hidden float32 little endian [rows, width], heap or native; read during the forward pass, not copied here
     * @param rows at least one
     * @return the index of the chunk
     */
    public int add(SequenceState sequence, int firstPosition, MemorySegment hidden, int rows, LogitsRows logitsRows) {
        int chunk = add(sequence, firstPosition, rows, logitsRows);
        hiddenStates[chunk] = hidden;
        return chunk;
    }

    /** Whether that many more rows have room. */
    public boolean fits(int rows) {
        return rows <= maximalRows - rows();
    }

    /** Number of positions of all chunks. */
    public int rows() {
        return firstRows[chunks];
    }

    /** Number of chunks. */
    public int chunks() {
        return chunks;
    }

    /** The sequence of a chunk. */
    public SequenceState sequence(int chunk) {
        SequenceState sequence = chunk < chunks ? sequences[chunk] : null;
        if (sequence == null) {
            throw new IndexOutOfBoundsException("chunk " + chunk + " of a batch of " + chunks + " chunks");
        }
        return sequence;
    }

    /** The position of the first row of a chunk. */
    public int firstPosition(int chunk) {
        return firstPositions[chunk];
    }

    /** Number of positions of a chunk. */
    public int rows(int chunk) {
        return firstRows[chunk + 1] - firstRows[chunk];
    }

    /** The row of {@link DecoderStage#hidden} that belongs to the first position of a chunk. */
    public int firstRow(int chunk) {
        return firstRows[chunk];
    }

    /** Number of rows of logits of all chunks. */
    public int logitsRows() {
        return firstLogitsRow(chunks);
    }

    /** Number of rows of logits of a chunk. */
    public int logitsRows(int chunk) {
        return wanted[chunk].count(rows(chunk));
    }

    /** The row of {@link DecoderStage#logits} at which the logits of a chunk begin. */
    public int firstLogitsRow(int chunk) {
        int row = 0;
        for (int earlier = 0; earlier < chunk; earlier++) {
            row += logitsRows(earlier);
        }
        return row;
    }

    /** Takes all chunks of a sequence out; the others close up. */
    public void remove(SequenceState sequence) {
        int kept = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            if (sequences[chunk] != sequence) {
                move(chunk, kept);
                kept++;
            }
        }
        forget(kept);
    }

    /** Takes all chunks out. */
    public void clear() {
        forget(0);
    }

    int token(int row) {
        return tokens[row];
    }

    @Nullable
    MemorySegment hiddenStates(int chunk) {
        return hiddenStates[chunk];
    }

    private int add(SequenceState sequence, int firstPosition, int rows, LogitsRows logitsRows) {
        if (rows < 1 || !fits(rows)) {
            throw new IllegalArgumentException("a chunk of " + rows + " rows; there must be at least one and at most "
                    + (maximalRows - rows()) + ", which is what the batch has left");
        }
        sequences[chunks] = sequence;
        firstPositions[chunks] = firstPosition;
        wanted[chunks] = logitsRows;
        firstRows[chunks + 1] = firstRows[chunks] + rows;
        return chunks++;
    }

    private void move(int from, int to) {
        int rows = rows(from);
        System.arraycopy(tokens, firstRows[from], tokens, firstRows[to], rows);
        sequences[to] = sequences[from];
        hiddenStates[to] = hiddenStates[from];
        firstPositions[to] = firstPositions[from];
        wanted[to] = wanted[from];
        firstRows[to + 1] = firstRows[to] + rows;
    }

    private void forget(int kept) {
        Arrays.fill(sequences, kept, chunks, null);
        Arrays.fill(hiddenStates, kept, chunks, null);
        chunks = kept;
    }
}
