package io.tributary.kernels;

/**
 * What a matrix kernel works on: some inputs of one panel. Each worker has one object and sets its
 * fields anew for each kernel call, which keeps the calls free of allocation. The longs are addresses of native memory,
 * whose ranges have been checked by {@link NativeMemory#address}.
 */
final class KernelOperands {
    /** Tokens of a register tile that count; what it holds beyond them is not looked at. */
    int tokens;

    /** The packed scales of a block. */
    long packedScales;
    /** The first input in the first strip of the panel. */
    long quants;
    /** Bytes from a strip to the next. */
    long stripBytes;
    /**
     * Always 1, but no constant to the compiler: it does not unroll a loop with such a step. Unrolled, the loads of weights
     * of two bytes and more no longer ascend, and reading them from memory takes twice as long.
     */
    int step = 1;

    /** Inputs from the first on. */
    int inputs;
    /** The inputs that one pass over the tokens takes begin here, at the start of a chain. */
    int firstInput;
    /** The inputs of the pass end before this one. */
    int endInput;

    /** The activation of the first input: of the token for {@link PackedFormat#multiply}, of the first tile for tiles. */
    long x;

    /** The worker's scratch memory. */
    long scratch;
    /** The widened scales, [scales][64 rows]. */
    long scales;
    /** The widened minimums, [scales][64 rows]. */
    long minimums;
    /** The totals of the first token. */
    long totals;

    /**
     * The address of the first input of a vector of rows, which reads through one strip.
     *
     * @param column first row of the vector, 0 to 63
     * @param bytes of one row's entry in the strip
     */
    long strip(int column, int bytes) {
        return quants
                + column / PackedFormat.STRIP_ROWS * stripBytes
                + (long) (column % PackedFormat.STRIP_ROWS) * bytes;
    }

    /** The address of the first input of a vector of rows of the widened weights. */
    long widened(int column) {
        return scratch
                + WorkerScratch.PANEL
                + column / PanelTiles.COLUMNS * (WorkerScratch.BLOCK_INPUTS * PanelTiles.PANEL_STEP)
                + (long) (column % PanelTiles.COLUMNS) * Float.BYTES;
    }
}
