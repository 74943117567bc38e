package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How the weights of one type are packed, and the kernels that read them.
 *
 * <p>A panel of 64 rows is its scales, then four strips of 16 rows. In a strip the rows are in lanes: what belongs together
 * of 16 rows stands together, input by input, so that it is read as one ascending stream. Kernels go through four strips
 * at once, since four streams keep more of the memory's answers under way than one: a processor looks ahead a few pages in
 * each stream, but no further.
 */
sealed interface PackedFormat extends WeightLayout
        permits PackedFloats, PackedHalves, PackedBrainFloats, PackedBytes, PackedNibbles, PackedBits {
    /** Rows of a strip: the lanes of the widest vector. */
    int STRIP_ROWS = 16;

    /** Bytes of an int or float of each row of a strip. */
    long STRIP_BYTES = (long) STRIP_ROWS * Float.BYTES;

    static PackedFormat of(WeightType type) {
        return switch (type) {
            case F32 -> new PackedFloats();
            case F16 -> new PackedHalves();
            case BF16 -> new PackedBrainFloats();
            case Q8_0 -> new PackedBytes();
            case Q4_0, Q4_1, Q4_K -> new PackedNibbles(type);
            case Q5_0, Q5_1, Q5_K, Q6_K -> new PackedBits(type);
        };
    }

    /** The scales at the beginning of each panel, for each block of 256 inputs. */
    QuantScales scales();

    /** Bytes of so many inputs of a strip, a multiple of 64; the inputs are a multiple of 256 or the last ones of a row. */
    long quantBytes(int inputs);

    /** Bytes of the scales of the first inputs of a panel. */
    default long scaleBytes(int inputs) {
        int rest = inputs % WorkerScratch.BLOCK_INPUTS;
        long whole = inputs / WorkerScratch.BLOCK_INPUTS * scales().bytes(WorkerScratch.BLOCK_INPUTS);
        return rest == 0 ? whole : whole + scales().bytes(rest);
    }

    @Override
    default long panelBytes(int inputs) {
        return scaleBytes(inputs) + WorkerScratch.PANEL_ROWS / STRIP_ROWS * quantBytes(inputs);
    }

    @Override
    default void packPanel(RowMajorWeights source, int firstRow, MemorySegment target, long offset) {
        long strips = offset + scaleBytes(source.inputs());
        for (int first = 0; first < source.inputs(); first += WorkerScratch.BLOCK_INPUTS) {
            int inputs = Math.min(WorkerScratch.BLOCK_INPUTS, source.inputs() - first);
            scales().pack(source, firstRow, first, inputs, target, offset + scaleBytes(first));
            for (int row = 0; row < WorkerScratch.PANEL_ROWS; row += STRIP_ROWS) {
                long strip = strips + row / STRIP_ROWS * quantBytes(source.inputs());
                pack(source, firstRow + row, first, inputs, target, strip + quantBytes(first));
            }
        }
    }

    /** Packs one block of 256 inputs, or the last ones, of the strip of rows from {@code firstRow}. */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /** Whether {@link #multiply} can be used for rows of that many inputs. */
    default boolean streams(int inputs) {
        return true;
    }

    /** Up to so many tokens are multiplied one by one; from there on it is faster to multiply several together. */
    default int singleTokens() {
        return 2;
    }

    /**
     * Up to so many tokens are multiplied straight from the packed weights; from there on it is faster to widen each weight
     * once for all of them.
     */
    default int packedTokens() {
        return 8;
    }

    /**
     * Adds the product of at most a span of inputs with one token to the token's totals, straight from the packed weights,
     * for four vectors of rows.
     *
     * @param column first row
     */
    void multiply(KernelOperands operands, int column);

    /**
     * Writes the chains' sums of the product of a block with the tokens of a tile to the scratch memory, straight from the packed
     * weights, for four vectors of rows.
     *
     * @param x address of the block's part of the tile of {@link ActivationTiles}
     * @param column first row
     */
    void multiplyTile(KernelOperands operands, long x, int column);

    /**
     * Writes the weights of a block to the scratch memory, [inputs][64], for one vector of rows.
     *
     * @param column first row
     */
    void widen(KernelOperands operands, int column);
}
