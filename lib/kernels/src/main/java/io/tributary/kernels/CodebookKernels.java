package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The search for the nearest codeword of one vector, in the canonical order. All offsets are in bytes. */
sealed interface CodebookKernels permits VectorCodebookKernels, ScalarCodebookKernels {
    /** Those of this process. */
    CodebookKernels CURRENT = KernelPath.VECTORS ? new VectorCodebookKernels() : new ScalarCodebookKernels();

    /** Bytes from one element of sixteen codewords to the next. */
    long ELEMENT_BYTES = (long) VirtualLanes.COUNT * Float.BYTES;

    /** How the number of a codeword lies in memory. */
    ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Leaves the smallest squared distance of the codewords of each virtual lane in {@link RowScratch#SUMS}, infinity if
     * none is finite, and the number of the first such codeword as an int in {@link RowScratch#VALUES}.
     *
     * @param size elements of the vector and of a codeword
     * @param panels groups of sixteen codewords, [count, size, 16]
     */
    void nearest(MemorySegment vectors, long base, int size, MemorySegment panels, int count, MemorySegment scratch);
}
