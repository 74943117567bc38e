package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of a thread for what one step of a row kernel hands to the next: a vector handed from method to method would be
 * boxed wherever the compiler does not inline the call.
 */
final class RowScratch {
    /** Byte offset of the sums of the 16 virtual lanes. */
    static final long SUMS = 0;
    /** Byte offset of {@link #CHUNK} values. */
    static final long VALUES = (long) VirtualLanes.COUNT * Float.BYTES;

    /** Values that a kernel takes at a time, a multiple of the virtual lanes. */
    static final int CHUNK = 1024;

    private static final ThreadLocal<MemorySegment> MEMORY = ThreadLocal.withInitial(
            () -> Arena.ofAuto().allocate(VALUES + (long) CHUNK * Float.BYTES, FloatMatrix.ALIGNMENT));

    private RowScratch() {}

    static MemorySegment ofThread() {
        return MEMORY.get();
    }

    /** The address of the values of the calling thread. */
    static long values() {
        return NativeMemory.address(ofThread(), VALUES, (long) CHUNK * Float.BYTES);
    }

    static void clearLanes(MemorySegment scratch) {
        for (int lane = 0; lane < VirtualLanes.COUNT; lane++) {
            scratch.set(FLOAT, SUMS + (long) lane * Float.BYTES, 0f);
        }
    }

    /** Adds the sums of the lanes to 0, lane 0 first. */
    static float addLanes(MemorySegment scratch) {
        float total = 0f;
        for (int lane = 0; lane < VirtualLanes.COUNT; lane++) {
            total += scratch.get(FLOAT, SUMS + (long) lane * Float.BYTES);
        }
        return total;
    }
}
