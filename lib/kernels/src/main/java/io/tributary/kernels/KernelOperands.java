package io.tributary.kernels;

/**
 * What a matrix kernel works on: one block of at most 256 inputs of one panel. Each worker has one object and sets its
 * fields anew for each kernel call, which keeps the calls free of allocation. The longs are addresses of native memory,
 * whose ranges have been checked by {@link NativeMemory#address}.
 */
final class KernelOperands {
    /** The packed block. */
    long weights;
    /** What follows the scales of the block. */
    long quants;
    /**
     * Always 1, but no constant to the compiler: it does not unroll a loop with such a step. Unrolled, the loads of weights
     * of two bytes and more no longer ascend, and reading them from memory takes twice as long.
     */
    int step = 1;

    /** Inputs in the block. */
    int inputs;
    /** Inputs of one chain of the canonical order. */
    int chainInputs;
    /** The inputs that one pass over the tokens takes begin here, at the start of a chain. */
    int firstInput;
    /** The inputs of the pass end before this one. */
    int endInput;

    /** The block's first activation: of the token for {@link PackedFormat#multiply}, of the first tile for tiles. */
    long x;

    /** The worker's scratch memory. */
    long scratch;
    /** The totals of the first token. */
    long totals;
}
