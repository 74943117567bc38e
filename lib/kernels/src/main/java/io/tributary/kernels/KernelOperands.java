package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/**
 * What a matrix kernel works on: one block of at most 256 inputs of one panel (four groups of 16 rows). Each worker has
 * one object and sets its fields anew for each kernel call, which keeps the calls free of allocation. Offsets and strides
 * are in bytes.
 */
final class KernelOperands {
    MemorySegment weights = MemorySegment.NULL;
    /** Start of the block in the first group. */
    long weightsOffset;
    /** From a group to the next. */
    long groupStride;
    /** Inputs in the block. */
    int inputs;

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
