package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How the weights of one type are packed, and the two kernels that read them.
 *
 * <p>A group of 16 rows is a sequence of blocks of 256 inputs (the last may be shorter); inside a block the rows are in
 * lanes: what belongs together of 16 rows stands together.
 */
sealed interface PackedFormat permits PackedFloats, PackedHalves, PackedBrainFloats, PackedBytes, PackedNibbles {
    /** Rows of one group times the bytes of one float. */
    long FLOAT_GROUP_BYTES = (long) Lanes.GROUP * Float.BYTES;

    static PackedFormat of(WeightType type) {
        return switch (type) {
            case F32 -> new PackedFloats();
            case F16 -> new PackedHalves();
            case BF16 -> new PackedBrainFloats();
            case Q8_0 -> new PackedBytes();
            case Q4_0 -> new PackedNibbles();
        };
    }

    /** Bytes of one block of a group, a multiple of 64. */
    long blockBytes(int inputs);

    /** Packs one block of the group of rows from {@code firstRow}; rows beyond the matrix become zeros. */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /** Adds the block's product with one token to the token's 64 totals, straight from the packed weights. */
    void multiply(KernelOperands operands);

    /** Widens the block's 64 rows into the panel [inputs][64] of the scratch memory. */
    void widen(KernelOperands operands);
}
