package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How the weights of one type are packed, and the two kernels that read them.
 *
 * <p>A panel of 64 rows is a sequence of blocks of 256 inputs (the last may be shorter); inside a block the rows are in
 * lanes: what belongs together of 64 rows stands together, so that a panel is read as one ascending stream, which is what
 * the prefetchers of a machine follow.
 */
sealed interface PackedFormat permits PackedFloats, PackedHalves, PackedBrainFloats, PackedBytes, PackedNibbles {
    static PackedFormat of(WeightType type) {
        return switch (type) {
            case F32 -> new PackedFloats();
            case F16 -> new PackedHalves();
            case BF16 -> new PackedBrainFloats();
            case Q8_0 -> new PackedBytes();
            case Q4_0 -> new PackedNibbles();
        };
    }

    /** Inputs of one chain of the canonical order. */
    int chainInputs();

    /** Bytes of one block of a panel, a multiple of 64. */
    long blockBytes(int inputs);

    /** Packs one block of the panel of rows from {@code firstRow}; rows beyond the matrix become zeros. */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /** Adds the block's product with one token to the token's 64 totals, straight from the packed weights. */
    void multiply(KernelOperands operands);

    /** Writes the block to the scratch memory: unscaled weights [inputs][64] and the scales of its chains [chains][64]. */
    void widen(KernelOperands operands);
}
