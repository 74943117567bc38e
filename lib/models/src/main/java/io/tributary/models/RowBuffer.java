package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** Scratch rows whose views are made once, so that a forward pass allocates none. */
final class RowBuffer {
    private final FloatMatrix[] fronts;
    private final MemorySegment[] rows;

    RowBuffer(SegmentAllocator allocator, int maximalRows, int columns) {
        FloatMatrix all = FloatMatrix.allocate(allocator, maximalRows, columns);
        fronts = new FloatMatrix[maximalRows + 1];
        rows = new MemorySegment[maximalRows];
        for (int count = 0; count <= maximalRows; count++) {
            fronts[count] = all.rows(0, count);
        }
        for (int row = 0; row < maximalRows; row++) {
            rows[row] = all.row(row);
        }
    }

    int maximalRows() {
        return rows.length;
    }

    /** The first rows as a matrix. */
    FloatMatrix front(int count) {
        return fronts[count];
    }

    MemorySegment row(int row) {
        return rows[row];
    }
}
