package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** How the weights of one type lie in memory: panels of 64 rows. */
sealed interface WeightLayout permits PackedFormat, StoredRows {
    /** The layout that the kernels of this process read. */
    static WeightLayout of(WeightType type) {
        return KernelPath.VECTORS ? PackedFormat.of(type) : new StoredRows(type);
    }

    /** Bytes of a panel of rows of so many inputs. */
    long panelBytes(int inputs);

    /**
     * Writes the panel of rows from {@code firstRow}.
     *
     * @param offset of the panel in the target, in bytes
     * @throws InvalidWeightsException when a weight, or the scale of a quantised block, is infinite or NaN
     */
    void packPanel(RowMajorWeights source, int firstRow, MemorySegment target, long offset);
}
