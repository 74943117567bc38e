package io.tributary.kernels;

import static io.tributary.kernels.AttentionOperands.FLOAT_BYTES;
import static io.tributary.kernels.AttentionOperands.LANES_BYTES;
import static io.tributary.kernels.AttentionOperands.POSITIONS_BYTES;
import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

/**
 * Attention over pages of keys and values, with grouped queries: query head h reads key/value head
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
    private final long rowBytes;
    private final long scratchBytes;

    /**
     * @param layout of the pages
     * @param heads query heads, a multiple of the key/value heads
     * @param scale multiplies every score, above 0
     * @throws IllegalArgumentException when heads is not a multiple of the key/value heads, or the scale not above 0
     */
    public Attention(KeyValueLayout layout, int heads, float scale) {
        if (heads < 1 || heads % layout.keyValueHeads() != 0) {
            throw new IllegalArgumentException(heads + " query heads cannot share " + layout.keyValueHeads()
                    + " key/value heads evenly; a positive multiple is needed");
        }
        if (!(scale > 0f)) {
            throw new IllegalArgumentException("scores multiplied by " + scale + "; the scale must be above 0");
        }
        this.layout = layout;
        this.heads = heads;
        this.sharing = heads / layout.keyValueHeads();
        this.scale = scale;
        this.rowBytes = AttentionOperands.paddedBytes(layout.headSize());
        AttentionOperands operands = new AttentionOperands();
        this.scratchBytes = placeRows(operands, 0);
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
     * Lets each position of the tile attend to the keys that it was placed among, with the query heads that share one
     * key/value head, and writes their part of the outputs.
     *
     * @param queries [rows][heads * headSize]
     * @param outputs [rows][heads * headSize]
     * @throws IllegalArgumentException when an argument does not fit the others
     */
    public void attend(AttentionTile tile, int keyValueHead, FloatMatrix queries, FloatMatrix outputs) {
        requireFit(tile, keyValueHead, queries, outputs);
        AttentionOperands operands = tile.operands;
        placeRows(operands, NativeMemory.address(tile.scratch, 0, scratchBytes));
        operands.headSize = layout.headSize();
        operands.rowBytes = rowBytes;
        operands.sharing = sharing;
        operands.scale = scale;
        operands.endRow = tile.positions * sharing;
        copyQueries(tile, keyValueHead, queries);
        AttentionKernels.CURRENT.begin(operands);
        operands.moreKeys = tile.moreKeys;
        int end = tile.keys();
        for (int first = 0; first < end; first += PAGE_POSITIONS) {
            placePage(tile, keyValueHead, first);
            AttentionKernels.CURRENT.attend(operands);
        }
        writeOutputs(tile, keyValueHead, outputs);
    }

    /** Lays the memory of a tile's rows out and returns where it ends. */
    private long placeRows(AttentionOperands operands, long memory) {
        int rows = tilePositions() * sharing;
        operands.queries = memory;
        operands.sums = operands.queries + rows * rowBytes;
        operands.lanes = operands.sums + rows * rowBytes;
        operands.scores = operands.lanes + rows * LANES_BYTES;
        operands.maxima = operands.scores + rows * POSITIONS_BYTES;
        operands.factors = operands.maxima + AttentionOperands.paddedBytes(rows);
        operands.widened = operands.factors + AttentionOperands.paddedBytes(rows);
        return layout.type() == KeyValueType.F32 ? operands.widened : operands.widened + widenedBytes();
    }

    /** Bytes of a widened head and of the vector's rest that may be written behind it. */
    private long widenedBytes() {
        return layout.headElements() * FLOAT_BYTES + LANES_BYTES;
    }

    private void placePage(AttentionTile tile, int keyValueHead, int firstKey) {
        AttentionOperands operands = tile.operands;
        long head = NativeMemory.address(
                tile.pages()[firstKey / PAGE_POSITIONS], layout.headOffset(keyValueHead), layout.headBytes());
        if (layout.type() == KeyValueType.F32) {
            operands.values = head;
        } else {
            AttentionKernels.CURRENT.widen(layout, head, operands.widened);
            operands.values = operands.widened;
        }
        operands.keys = operands.values + layout.headElements() / 2 * FLOAT_BYTES;
        // Where attention is causal, the first rows end before the page begins.
        operands.firstRow = Math.max(0, firstKey + 1 - tile.keysOfFirst) * sharing;
        operands.keysOfFirst = tile.keysOfFirst - firstKey;
    }

    private void copyQueries(AttentionTile tile, int keyValueHead, FloatMatrix queries) {
        AttentionOperands operands = tile.operands;
        long source = headsAddress(tile, keyValueHead, queries);
        for (int row = 0; row < operands.endRow; row++) {
            long query = source + headOffset(row);
            AttentionKernels.CURRENT.scale(query, 1f, operands.queries + row * rowBytes, layout.headSize());
        }
    }

    private void writeOutputs(AttentionTile tile, int keyValueHead, FloatMatrix outputs) {
        AttentionOperands operands = tile.operands;
        long target = headsAddress(tile, keyValueHead, outputs);
        for (int row = 0; row < operands.endRow; row++) {
            float inverse = inverseSum(operands, row);
            long output = target + headOffset(row);
            AttentionKernels.CURRENT.scale(operands.sums + row * rowBytes, inverse, output, layout.headSize());
        }
    }

    /** Returns 1 divided by the sum of all weights of a row. */
    private static float inverseSum(AttentionOperands operands, int row) {
        long lanes = place(operands.lanes + row * LANES_BYTES);
        float sum = 0f;
        for (int lane = 0; lane < VirtualLanes.COUNT; lane++) {
            sum += ALL.get(FLOAT, lanes + lane * FLOAT_BYTES);
        }
        return 1f / sum;
    }

    /** The address of the first row's first query head that uses the key/value head. */
    private long headsAddress(AttentionTile tile, int keyValueHead, FloatMatrix matrix) {
        long first = tile.firstRow * matrix.rowBytes();
        long address = NativeMemory.address(matrix.data(), first, tile.positions * matrix.rowBytes());
        return address + (long) keyValueHead * sharing * layout.headSize() * FLOAT_BYTES;
    }

    /** Bytes from the tile's first head in a matrix to that of a row of the tile. */
    private long headOffset(int row) {
        long headBytes = layout.headSize() * FLOAT_BYTES;
        return row / sharing * (heads * headBytes) + row % sharing * headBytes;
    }

    private void requireFit(AttentionTile tile, int keyValueHead, FloatMatrix queries, FloatMatrix outputs) {
        if (keyValueHead < 0 || keyValueHead >= layout.keyValueHeads()) {
            throw new IllegalArgumentException(
                    "key/value head " + keyValueHead + " of a layout of " + layout.keyValueHeads());
        }
        if (tile.positions < 1 || tile.positions > tilePositions() || tile.keysOfFirst < 1) {
            throw new IllegalArgumentException("a tile of " + tile.positions + " positions of which the first sees "
                    + tile.keysOfFirst + " keys; 1 to " + tilePositions() + " that see 1 or more are possible");
        }
        int keys = tile.keys();
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
