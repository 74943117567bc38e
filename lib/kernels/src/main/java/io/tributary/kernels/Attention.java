package io.tributary.kernels;

import static io.tributary.kernels.AttentionScores.POSITIONS_BYTES;
import static io.tributary.kernels.AttentionScores.rowBytes;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

/**
 * Causal attention over pages of keys and values, with grouped queries: query head h reads key/value head
 * {@code h * keyValueHeads / heads}.
 *
 * <p>The query heads that share a key/value head, at some consecutive positions of a sequence, are the rows of a tile.
 * They go together through the pages, so a key or value is loaded once for several rows; scores exist for one page at a
 * time (online softmax, Milakov and Gimelshein 2018; Dao et al. 2022), so scratch memory does not grow with the context.
 * How rows are cut into tiles changes no bit of a result.
 */
public final class Attention {
    /** Enough rows that a page's keys and values, brought to the cache once, serve for long. */
    private static final int TILE_ROWS = 64;

    private final KeyValueLayout layout;
    private final int heads;
    private final int sharing;
    private final float scale;
    private final int tileRows;
    private final long rowBytes;
    private final long sums;
    private final long states;
    private final long scores;
    private final long scratchBytes;

    /**
     * @param layout of the pages
     * @param heads query heads, a multiple of the key/value heads
     * @param scale multiplies every score
     * @throws IllegalArgumentException when heads is not a multiple of the key/value heads
     */
    public Attention(KeyValueLayout layout, int heads, float scale) {
        if (heads < 1 || heads % layout.keyValueHeads() != 0) {
            throw new IllegalArgumentException(heads + " query heads cannot share " + layout.keyValueHeads()
                    + " key/value heads evenly; a positive multiple is needed");
        }
        this.layout = layout;
        this.heads = heads;
        this.sharing = heads / layout.keyValueHeads();
        this.scale = scale;
        this.tileRows = tilePositions() * sharing;
        this.rowBytes = rowBytes(layout.headSize());
        this.sums = tileRows * rowBytes;
        this.states = sums + tileRows * rowBytes;
        this.scores = states + tileRows * AttentionWeights.STATE_BYTES;
        this.scratchBytes = scores + tileRows * POSITIONS_BYTES;
    }

    /** Positions that a tile may have at most. */
    public int tilePositions() {
        return Math.max(1, TILE_ROWS / sharing);
    }

    /** Bytes of scratch memory of a tile. */
    public long scratchBytes() {
        return scratchBytes;
    }

    /**
     * Lets each position of the tile attend to itself and all before it, with the query heads that share one key/value
     * head, and writes their part of the outputs.
     *
     * @param queries [rows][heads * headSize]
     * @param outputs [rows][heads * headSize]
     * @throws IllegalArgumentException when an argument does not fit the others
     */
    public void attend(AttentionTile tile, int keyValueHead, FloatMatrix queries, FloatMatrix outputs) {
        requireFit(tile, keyValueHead, queries, outputs);
        long memory = NativeMemory.address(tile.scratch, 0, scratchBytes);
        int rows = tile.positions * sharing;
        copyQueries(tile, keyValueHead, queries, memory);
        Lanes.clear(ALL, place(memory + sums), rows * rowBytes);
        for (int row = 0; row < rows; row++) {
            AttentionWeights.begin(memory + states + row * AttentionWeights.STATE_BYTES);
        }
        int end = tile.firstPosition + tile.positions;
        for (int first = 0; first < end; first += PAGE_POSITIONS) {
            attendToPage(tile, keyValueHead, first, memory);
        }
        writeOutputs(tile, keyValueHead, outputs, memory);
    }

    private void attendToPage(AttentionTile tile, int keyValueHead, int firstKey, long memory) {
        long page = NativeMemory.address(
                tile.pages()[firstKey / PAGE_POSITIONS], layout.headOffset(keyValueHead), layout.headBytes());
        long keys = page + layout.keysOffset();
        int firstRow = Math.max(0, firstKey - tile.firstPosition) * sharing;
        int rows = tile.positions * sharing - firstRow;
        long blockScores = memory + scores + firstRow * POSITIONS_BYTES;
        AttentionScores.score(keys, layout.headSize(), memory + firstRow * rowBytes, rows, blockScores);
        int keysOfFirst = tile.firstPosition + 1 - firstKey;
        for (int row = firstRow; row < firstRow + rows; row++) {
            weigh(memory, row, Math.min(PAGE_POSITIONS, keysOfFirst + row / sharing));
        }
        int row = firstRow;
        while (row < firstRow + rows) {
            int height = AttentionScores.tileHeight(firstRow + rows - row);
            addValues(page, memory, row, height, keysOfFirst);
            row += height;
        }
    }

    private void weigh(long memory, int row, int keys) {
        long state = memory + states + row * AttentionWeights.STATE_BYTES;
        float factor = AttentionWeights.weigh(memory + scores + row * POSITIONS_BYTES, keys, scale, state);
        if (factor != 1f) {
            long sum = memory + sums + row * rowBytes;
            AttentionWeights.scale(sum, factor, sum, layout.headSize());
        }
    }

    /** Adds the values that all rows of a register tile see together, then row by row those that only later rows see. */
    private void addValues(long values, long memory, int firstRow, int height, int keysOfFirst) {
        int headSize = layout.headSize();
        int shared = Math.min(PAGE_POSITIONS, keysOfFirst + firstRow / sharing);
        long weights = memory + scores + firstRow * POSITIONS_BYTES;
        long sum = memory + sums + firstRow * rowBytes;
        AttentionValues.add(values, headSize, shared, weights, sum, height);
        for (int row = 1; row < height; row++) {
            int keys = Math.min(PAGE_POSITIONS, keysOfFirst + (firstRow + row) / sharing);
            if (keys > shared) {
                AttentionValues.add(
                        values + (long) shared * headSize * Float.BYTES,
                        headSize,
                        keys - shared,
                        weights + row * POSITIONS_BYTES + (long) shared * Float.BYTES,
                        sum + row * rowBytes,
                        1);
            }
        }
    }

    private void copyQueries(AttentionTile tile, int keyValueHead, FloatMatrix queries, long memory) {
        long source = headsAddress(tile, keyValueHead, queries);
        for (int row = 0; row < tile.positions * sharing; row++) {
            long query = source + headOffset(row);
            AttentionWeights.scale(query, 1f, memory + row * rowBytes, layout.headSize());
        }
    }

    private void writeOutputs(AttentionTile tile, int keyValueHead, FloatMatrix outputs, long memory) {
        long target = headsAddress(tile, keyValueHead, outputs);
        for (int row = 0; row < tile.positions * sharing; row++) {
            float inverse = AttentionWeights.inverseSum(memory + states + row * AttentionWeights.STATE_BYTES);
            long output = target + headOffset(row);
            AttentionWeights.scale(memory + sums + row * rowBytes, inverse, output, layout.headSize());
        }
    }

    /** The address of the first row's first query head that uses the key/value head. */
    private long headsAddress(AttentionTile tile, int keyValueHead, FloatMatrix matrix) {
        long first = tile.firstRow * matrix.rowBytes();
        long address = NativeMemory.address(matrix.data(), first, tile.positions * matrix.rowBytes());
        return address + (long) keyValueHead * sharing * layout.headSize() * Float.BYTES;
    }

    /** Bytes from the tile's first head in a matrix to that of a row of the tile. */
    private long headOffset(int row) {
        long headBytes = (long) layout.headSize() * Float.BYTES;
        return row / sharing * (heads * headBytes) + row % sharing * headBytes;
    }

    private void requireFit(AttentionTile tile, int keyValueHead, FloatMatrix queries, FloatMatrix outputs) {
        if (keyValueHead < 0 || keyValueHead >= layout.keyValueHeads()) {
            throw new IllegalArgumentException(
                    "key/value head " + keyValueHead + " of a layout of " + layout.keyValueHeads());
        }
        if (tile.positions < 1 || tile.positions > tilePositions() || tile.firstPosition < 0) {
            throw new IllegalArgumentException("a tile of " + tile.positions + " positions from position "
                    + tile.firstPosition + "; 1 to " + tilePositions() + " from 0 on are possible");
        }
        int keys = tile.firstPosition + tile.positions;
        if (Math.ceilDiv(keys, PAGE_POSITIONS) > tile.pages().length) {
            throw new IllegalArgumentException(
                    keys + " keys in " + tile.pages().length + " pages of " + PAGE_POSITIONS + " positions");
        }
        int lastRow = tile.firstRow + tile.positions;
        int width = heads * layout.headSize();
        requireRows("the queries", queries, lastRow, width);
        requireRows("the outputs", outputs, lastRow, width);
        if (tile.scratch.byteSize() < scratchBytes) {
            throw new IllegalArgumentException(
                    "the scratch memory has " + tile.scratch.byteSize() + " bytes, " + scratchBytes + " are needed");
        }
    }

    private static void requireRows(String name, FloatMatrix matrix, int rows, int columns) {
        if (matrix.rows() < rows || matrix.columns() != columns) {
            throw new IllegalArgumentException(name + " are " + matrix.rows() + " x " + matrix.columns()
                    + " where at least " + rows + " x " + columns + " are needed");
        }
    }
}
