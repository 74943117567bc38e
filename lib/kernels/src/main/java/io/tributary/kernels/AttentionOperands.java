package io.tributary.kernels;

/**
 * What the kernels of attention work on: the rows of a tile and one page. Each tile has one object and sets its fields
 * anew for each page, which keeps the calls free of allocation. The longs are addresses of native memory, whose ranges
 * have been checked by {@link NativeMemory#address}.
 */
final class AttentionOperands {
    static final long FLOAT_BYTES = Float.BYTES;

    /** Bytes of one float for each position of a page. */
    static final long POSITIONS_BYTES = KeyValueLayout.PAGE_POSITIONS * FLOAT_BYTES;

    /** Bytes of one float for each virtual lane. */
    static final long LANES_BYTES = VirtualLanes.COUNT * FLOAT_BYTES;

    /**
     * Always 1, but no constant to the compiler: it does not unroll a loop with such a step. Unrolled, the loads no longer
     * ascend, and reading keys and values from memory takes half as long again.
     */
    int step = 1;

    int headSize;
    /** Bytes from one row to the next of queries and sums: the head size, padded to the virtual lanes. */
    long rowBytes;
    /** Query heads of one position: neighbouring rows that see the same keys. */
    int sharing;

    float scale;

    /** Queries, [rows][head size]. */
    long queries;
    /** Sums of weighted values, [rows][head size]. */
    long sums;
    /** Sums of weights, [rows][virtual lanes]. */
    long lanes;
    /** Scores of the page, later weights, [rows][positions]. */
    long scores;
    /** The largest score so far, [rows]. */
    long maxima;
    /** What the sums so far are multiplied by, [rows]. */
    long factors;

    /** Where a head of a page is widened to, [positions][head size] values and [head size][positions] keys. */
    long widened;
    /** Keys of the page, [head size][positions]. */
    long keys;
    /** Values of the page, [positions][head size]; a vector's bytes behind them are read, but come to nothing. */
    long values;
    /** The first row that sees a key of the page. */
    int firstRow;
    /** The rows end before this one. */
    int endRow;
    /** How many keys of this page and of all that follow the tile's first position sees; may be negative. */
    int keysOfFirst;

    /** Keys that each position of the tile sees more than the one before it. */
    int moreKeys;

    /** How many keys of the page a row sees. */
    int keys(int row) {
        return Math.min(KeyValueLayout.PAGE_POSITIONS, keysOfFirst + moreKeys * (row / sharing));
    }

    /** Bytes of a row of elements, padded to the virtual lanes. */
    static long paddedBytes(int elements) {
        return VirtualLanes.roundUp(elements) * FLOAT_BYTES;
    }
}
