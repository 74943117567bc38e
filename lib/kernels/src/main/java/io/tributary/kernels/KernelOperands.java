package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * What a matrix kernel works on: one block of at most 256 inputs of one panel. Each worker has one object and sets its
 * fields anew for each kernel call, which keeps the calls free of allocation. Offsets and strides are in bytes.
 */
final class KernelOperands {
    MemorySegment weights = MemorySegment.NULL;
    /** Start of the block. */
    long weightsOffset;
    /** Inputs in the block. */
    int inputs;
    /** Inputs of one chain of the canonical order. */
    int chainInputs;
    /** The inputs that one pass over the tokens takes begin here, at the start of a chain. */
    int firstInput;
    /** The inputs of the pass end before this one. */
    int endInput;

    MemorySegment x = MemorySegment.NULL;
    /** The block's first activation of the first token. */
    long xOffset;
    /** From a token to the next. */
    long xStride;

    /** The worker's scratch memory: the panel of widened weights and the totals. */
    MemorySegment scratch = MemorySegment.NULL;
    /** The totals of the first token. */
    long totalsOffset;
}
