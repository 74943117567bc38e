package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * The loops over the elements of a row, in the canonical order. All offsets are in bytes; ranges have been checked, or are
 * checked by the segments.
 */
sealed interface RowKernels permits VectorRowKernels, ScalarRowKernels {
    /** Those of this process. */
    RowKernels CURRENT = KernelPath.VECTORS ? new VectorRowKernels() : new ScalarRowKernels();

    /** Leaves the sums of the squares of the virtual lanes in {@link RowScratch#SUMS}. */
    void squares(MemorySegment x, long base, int count, MemorySegment scratch);

    /** Writes {@code (x[i] * scale) * weight[i]} to y, at the same offset as in x. */
    void scale(MemorySegment x, long base, float scale, MemorySegment weight, MemorySegment y, int count);

    /** Leaves the sums of {@code x[i] - mean} of the virtual lanes in {@link RowScratch#SUMS}. */
    void deviations(MemorySegment x, long base, float mean, int count, MemorySegment scratch);

    /** Leaves the sums of {@code (x[i] - mean)^2} of the virtual lanes in {@link RowScratch#SUMS}. */
    void squaresOfDeviations(MemorySegment x, long base, float mean, int count, MemorySegment scratch);

    /** Writes {@code fma((x[i] - mean) * scale, weight[i], bias[i])} to y, at the same offset as in x. */
    void normalize(
            MemorySegment x,
            long base,
            float mean,
            float scale,
            MemorySegment weight,
            MemorySegment bias,
            MemorySegment y,
            int count);

    /** Adds a summand to the target. */
    void add(MemorySegment target, long base, MemorySegment summand, long summandBase, int count);

    /** Writes {@code gate / (exponential + 1) * up} to the target; the exponentials begin at their own offset. */
    void gate(
            MemorySegment gate,
            MemorySegment up,
            MemorySegment target,
            long base,
            MemorySegment exponentials,
            long exponentialBase,
            int count);

    /** Writes {@code x / (exponential + 1)} to y, at the same offset as in x; the exponentials begin at their own offset. */
    void sigmoidUnit(
            MemorySegment x, long base, MemorySegment exponentials, long exponentialBase, MemorySegment y, int count);

    /** Writes {@code (x[i] * x[i]) * -0.5} to the target. */
    void negativeHalfSquares(MemorySegment x, long base, MemorySegment target, long to, int count);

    /** Writes {@code x[i] * fma(x[i] * x[i], cubic, linear)} to the target. */
    void oddCubic(MemorySegment x, long base, float linear, float cubic, MemorySegment target, long to, int count);

    /**
     * Writes {@code x} times the distribution function of the normal distribution, by {@link NormalDistribution}, to y, at the same
     * offset as in x.
     *
     * @param exponentials {@code exp(-x[i]^2 / 2)}, which begin at their own offset
     */
    void normalUnit(
            MemorySegment x, long base, MemorySegment exponentials, long exponentialBase, MemorySegment y, int count);

    /** Writes {@code exp(source[i] * factor + summand)} to the target, the argument rounded once. */
    void exponentiate(
            MemorySegment source, long from, float factor, float summand, MemorySegment target, long to, int count);

    /** Returns the largest value, NaN if one of them is NaN. */
    float maximum(MemorySegment values, long base, int count);

    /** Adds values to the sums of their virtual lanes in {@link RowScratch#SUMS}. */
    void addToLanes(MemorySegment values, long base, int count, MemorySegment scratch);

    /** Rotates the pairs (i, i + pairs) of a head. */
    void rotateHalves(MemorySegment x, long base, MemorySegment cosine, MemorySegment sine, long angles, int pairs);
}
