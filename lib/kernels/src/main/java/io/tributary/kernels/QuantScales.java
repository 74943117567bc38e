package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How the scales of a type lie at the start of each panel, for each block of 256 inputs, and the kernel that reads them. A
 * weight is {@code fma(quant, scale, minimum)}, the quant as it is stored; Q8_0, whose quants are signed, has no minimum.
 */
sealed interface QuantScales permits NoScales, BlockScales, BlockMinimums, SuperBlockScales {
    static QuantScales of(WeightType type) {
        return switch (type) {
            case F32, F16, BF16 -> new NoScales();
            case Q8_0, Q4_0, Q5_0 -> new BlockScales(type);
            case Q4_1, Q5_1 -> new BlockMinimums();
            case Q4_K, Q5_K, Q6_K -> new SuperBlockScales(type);
        };
    }

    /** Inputs that share a scale. */
    int inputs();

    /** Bytes of the scales of one block of a panel, a multiple of 64. */
    long bytes(int inputs);

    /**
     * Packs the scales of one block of the panel of rows from {@code firstRow}. Those of rows beyond the matrix are zero,
     * whatever their quants.
     */
    void pack(RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset);

    /** Writes the scales and minimums of a block as floats, each [inputs / inputs of a scale][64 rows]. */
    void widen(KernelOperands operands);
}
