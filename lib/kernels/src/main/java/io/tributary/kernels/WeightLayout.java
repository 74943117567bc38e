package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** How the weights of one type lie in memory: panels of 64 rows, each a sequence of blocks of 256 inputs. */
sealed interface WeightLayout permits PackedFormat, StoredRows {
    /** The layout that the kernels of this process read. */
    static WeightLayout of(WeightType type) {
        return KernelPath.VECTORS ? PackedFormat.of(type) : new StoredRows(type);
    }

    /** Bytes of one block of a panel, a multiple of 64 but for the last. */
    long blockBytes(int inputs);

    /**
     * Writes one block of the panel of rows from {@code firstRow}.
     *
     * @param offset of the block in the target, in bytes
     * @throws InvalidWeightsException when a weight, or the scale of a quantised block, is infinite or NaN
     */
    void packBlock(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);
}
