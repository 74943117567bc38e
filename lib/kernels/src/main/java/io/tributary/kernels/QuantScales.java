package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** How the scales of a quantised type lie at the start of each packed block, and the kernel that reads them. */
sealed interface QuantScales permits BlockScales, BlockMinimums, SuperBlockScales {
    /** Bytes of the scales of one block of a panel, a multiple of 64. */
    long bytes(int inputs);

    /** Whether the weights have minimums: what is added to each weight of a quantisation block. */
    default boolean haveMinimums() {
        return false;
    }

    /** Packs the scales as {@link PackedFormat#pack} says; those of rows beyond the matrix are zero. */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /**
     * Writes the scales of a block of a panel to the scratch memory as floats, [chains][64 rows], and its minimums, if it
     * has any, [quantisation blocks][64 rows].
     */
    void widen(KernelOperands operands);
}
