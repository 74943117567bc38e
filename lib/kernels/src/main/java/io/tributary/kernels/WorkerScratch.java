package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The memory that one worker of a pool computes in; taken once, never grown. */
final class WorkerScratch {
    /** Rows of the widened weights and of the totals. */
    static final int PANEL_ROWS = 64;
    /** Inputs of one chain of the canonical order. */
    static final int CHAIN_INPUTS = 128;
    /** Inputs that are widened together. */
    static final int BLOCK_INPUTS = 256;
    /** Inputs whose scales are widened together. */
    static final int SPAN_INPUTS = 2048;
    /** The most tokens of one part, a multiple of every tile height. */
    static final int MAXIMAL_TOKENS = 512;

    /** Bytes from one input, token or chain to the next: 64 floats. */
    static final long ROW_BYTES = (long) PANEL_ROWS * Float.BYTES;

    /** The fewest inputs that share a scale. */
    private static final int LEAST_INPUTS = 16;

    /** Byte offset of the widened weights, [64 / rows of a tile][256 inputs][rows of a tile]. */
    static final long PANEL = 0;
    /** Byte offset of the totals, [tokens][64 rows]. */
    static final long TOTALS = BLOCK_INPUTS * ROW_BYTES;

    /** Byte offset of the scales of a span, [scales][64 rows]. */
    static final long SCALES = TOTALS + MAXIMAL_TOKENS * ROW_BYTES;

    /** Byte offset of the minimums of a span, [scales][64 rows]. */
    static final long MINIMUMS = SCALES + SPAN_INPUTS / LEAST_INPUTS * ROW_BYTES;

    /** Bytes of the sums of one chain of a register tile, [at most 4 tokens][64 rows]. */
    static final long TILE_BYTES = 4 * ROW_BYTES;

    /** Byte offset of the sums of a register tile, [chains of a block][tokens][64 rows]. */
    static final long TILE = MINIMUMS + SPAN_INPUTS / LEAST_INPUTS * ROW_BYTES;

    private static final long BYTES = TILE + BLOCK_INPUTS / CHAIN_INPUTS * TILE_BYTES;

    private final MemorySegment memory;
    private final KernelOperands operands = new KernelOperands();

    WorkerScratch(Arena arena) {
        memory = arena.allocate(BYTES, FloatMatrix.ALIGNMENT);
        operands.scratch = memory.address();
    }

    MemorySegment memory() {
        return memory;
    }

    /** The worker's own operands object, reused for every kernel call. */
    KernelOperands operands() {
        return operands;
    }
}
