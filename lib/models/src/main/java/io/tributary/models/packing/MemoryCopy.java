package io.tributary.models.packing;

import io.tributary.kernels.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Copies mapped matrices into memory of their own, on a thread of its own. Mapped memory gives the first token sooner, but all
 * later ones some percent more slowly, and the system may take it away to read it from the disk again.
 */
final class MemoryCopy {
    private static final System.Logger LOGGER = System.getLogger(MemoryCopy.class.getName());

    private final List<NamedMatrix> matrices;
    private final Arena arena;
    private final List<List<MemorySegment>> copies = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;

    private MemoryCopy(List<NamedMatrix> matrices, Arena arena) {
        this.matrices = List.copyOf(matrices);
        this.arena = arena;
    }

    /** @param arena gives the memory */
    static MemoryCopy start(List<NamedMatrix> matrices, Arena arena) {
        MemoryCopy copy = new MemoryCopy(matrices, arena);
        Thread.ofPlatform().daemon().name("tributary-weights-copy").start(copy::run);
        return copy;
    }

    /**
     * Has matrices read their copies, as far as there are any. No product may be under way.
     *
     * @return false while copying is under way: nothing has changed then
     */
    boolean use() {
        if (ended.getCount() > 0) {
            return false;
        }
        for (int index = 0; index < copies.size(); index++) {
            matrices.get(index).weights().useChunks(copies.get(index));
        }
        return true;
    }

    /**
     * Has it stop at the next piece of memory.
     *
     * @return whether it no longer touches any, after waiting for that for so long at most
     */
    boolean stop(Duration limit) {
        stopped = true;
        try {
            return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return ended.getCount() == 0;
        }
    }

    private void run() {
        try {
            for (NamedMatrix matrix : matrices) {
                List<MemorySegment> copy = copy(matrix.weights().chunks());
                if (stopped) {
                    return;
                }
                copies.add(copy);
            }
        } catch (OutOfMemoryError exhausted) {
            LOGGER.log(System.Logger.Level.INFO, "some weights stay mapped from the packing cache: " + exhausted);
        } finally {
            ended.countDown();
        }
    }

    private List<MemorySegment> copy(List<MemorySegment> chunks) {
        List<MemorySegment> copy = new ArrayList<>();
        for (MemorySegment chunk : chunks) {
            if (!stopped) {
                copy.add(arena.allocate(chunk.byteSize(), FloatMatrix.ALIGNMENT).copyFrom(chunk));
            }
        }
        return copy;
    }
}
