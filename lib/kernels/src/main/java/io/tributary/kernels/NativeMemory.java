package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * All native memory as one segment, for the inner loops of kernels, which work on addresses.
 *
 * <p>The segment is a constant of full length that never ends, so for an address that is known not to be negative the
 * compiler leaves out the checks of bounds and life that cost a register tile up to a fifth of its time. Whoever hands an
 * address to a kernel must therefore have checked the whole range, which {@link #address} does.
 */
final class NativeMemory {
    // Restricted because it gives up the checks, which is its purpose here.
    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** No processor has longer addresses for programs; it also tells the compiler that they are not negative. */
    private static final long ADDRESSES = (1L << 57) - 1;

    private NativeMemory() {}

    /**
     * Returns the address of a range.
     *
     * @throws IndexOutOfBoundsException when the segment does not contain the range
     * @throws IllegalStateException when the segment's memory has been freed
     * @throws IllegalArgumentException when the segment is on the heap
     */
    static long address(MemorySegment segment, long offset, long bytes) {
        // No slice is made, which would be an object wherever the compiler does not inline its making.
        Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
        if (!segment.isNative()) {
            throw new IllegalArgumentException("kernels need native memory, this segment is on the heap: " + segment);
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the memory of this segment has been freed: " + segment);
        }
        return place(segment.address() + offset);
    }

    /** An address of a kernel, as one that is not negative. */
    static long place(long address) {
        return address & ADDRESSES;
    }
}
