package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** How the scales of a type lie at the start of each panel, for each block of 256 inputs, and the kernel that reads them. */
sealed interface QuantScales permits FloatChains, BlockScales, BlockMinimums, SuperBlockScales {
    /** The scales of a type; those without any are scaled by one. */
    static QuantScales of(WeightType type) {
        return switch (type) {
            case F32, F16, BF16 -> new FloatChains();
            case Q8_0, Q4_0, Q5_0 -> new BlockScales();
            case Q4_1, Q5_1 -> new BlockMinimums(StoredQuants.center(type));
            case Q4_K, Q5_K, Q6_K -> new SuperBlockScales(type);
        };
    }

    /** Bytes of the scales of one block of a panel, a multiple of 64. */
    long bytes(int inputs);

    /** Whether the weights have minimums: what is added to each weight of a quantisation block. */
    default boolean haveMinimums() {
        return false;
    }

    /**
     * Packs the scales of one block of the panel of rows from {@code firstRow}. Those of rows beyond the matrix are zero,
     * whatever their quants.
     */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /**
     * Writes the scales of a block as floats, [chains][64 rows], and its minimums, if it has any, [quantisation
     * blocks][64 rows].
     */
    void widen(KernelOperands operands);
}
