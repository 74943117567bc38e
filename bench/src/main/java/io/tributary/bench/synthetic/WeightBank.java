package io.tributary.bench.synthetic;

import io.tributary.kernels.WorkPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * Random weights for all matrices with the same number of inputs: each matrix is a window at another place, so that the
 * memory taken is that of the largest matrix and not of the model. Windows overlap, which a statistician would see and
 * the time of a matrix product does not depend on.
 */
final class WeightBank {
    private static final long PART_BLOCKS = 1 << 15;
    /** Weights by which the bank is longer than its largest window. */
    private static final long SLACK = 1 << 22;
    /** Odd, so that windows are neither whole rows apart nor soon the same again. */
    private static final long STRIDE_BLOCKS = 4_099;

    private final int blockBytes;
    private final long slackBlocks;
    private final MemorySegment blocks;
    private long windows;

    /**
     * Makes the weights, in parallel; which ones depends on the seed alone.
     *
     * @param inputs of a matrix; weights have the standard deviation 1 / sqrt(inputs), so outputs are of the size of the
     *     inputs
     * @param elements of the largest matrix
     */
    WeightBank(WeightFormat format, int inputs, long elements, long seed, Arena arena, WorkPool pool) {
        int blockElements = format.tensorType().blockElements();
        blockBytes = format.tensorType().blockBytes();
        slackBlocks = SLACK / blockElements;
        long count = elements / blockElements + slackBlocks;
        blocks = arena.allocate(count * blockBytes, Long.BYTES);
        double deviation = 1 / Math.sqrt(inputs);
        pool.forEach(Math.toIntExact(Math.ceilDiv(count, PART_BLOCKS)), (part, worker) -> {
            long first = part * PART_BLOCKS;
            long length = Math.min(PART_BLOCKS, count - first);
            format.blocks()
                    .fill(
                            blocks.asSlice(first * blockBytes, length * blockBytes),
                            new SplittableRandom(mixed(seed, inputs, part)),
                            deviation);
        });
    }

    /** The weights of the next matrix. */
    MemorySegment window(long bytes) {
        long first = windows * STRIDE_BLOCKS % slackBlocks;
        windows++;
        return blocks.asSlice(first * blockBytes, bytes);
    }

    private static long mixed(long seed, int inputs, int part) {
        return new SplittableRandom(seed ^ ((long) inputs << Integer.SIZE | part)).nextLong();
    }
}
