package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How the weights of one type are packed, and the kernels that read them.
 *
 * <p>A panel of 64 rows is a sequence of blocks of 256 inputs (the last may be shorter); inside a block the rows are in
 * lanes: what belongs together of 64 rows stands together, so that a panel is read as one ascending stream, which is what
 * the prefetchers of a machine follow.
 */
sealed interface PackedFormat extends WeightLayout
        permits PackedFloats, PackedHalves, PackedBrainFloats, PackedBytes, PackedNibbles, PackedBits {
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

    /** The scales that begin each block. */
    QuantScales scales();

    /** Inputs of one chain of the canonical order. */
    int chainInputs();

    /** Bytes of what follows the scales in one block of a panel, a multiple of 64. */
    long quantBytes(int inputs);

    @Override
    default long blockBytes(int inputs) {
        return scales().bytes(inputs) + quantBytes(inputs);
    }

    @Override
    default void packBlock(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        scales().pack(source, firstRow, firstInput, inputs, target, offset);
        pack(source, firstRow, firstInput, inputs, target, offset + scales().bytes(inputs));
    }

    /** Packs what follows the scales of one block of the panel of rows from {@code firstRow}. */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /** Whether {@link #multiply} can be used for rows of that many inputs. */
    default boolean streams(int inputs) {
        return true;
    }

    /** Whether there is {@link #multiplyTile}, or several tokens always need {@link #widen}. */
    default boolean tilesPacked() {
        return true;
    }

    /**
     * Adds the block's product with one token, but for the minimums, to the token's totals, straight from the packed
     * weights, for four vectors of rows.
     *
     * @param column first row
     */
    void multiply(KernelOperands operands, int column);

    /**
     * Writes the chains' sums of the block's product with four tokens to the scratch memory, straight from the packed
     * weights, for four vectors of rows.
     *
     * @param x address of the block's part of the tile of {@link ActivationTiles}
     * @param column first row
     */
    void multiplyTile(KernelOperands operands, long x, int column);

    /**
     * Writes the block's unscaled weights to the scratch memory, [inputs][64], for one vector of rows.
     *
     * @param column first row
     */
    void widen(KernelOperands operands, int column);
}
