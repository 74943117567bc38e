package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A row-major float32 matrix in native memory.
 *
 * @param data native memory of at least {@code rows * columns * 4} bytes, little endian
 * @param rows number of rows, 0 or more
 * @param columns number of columns, 1 or more
 */
public record FloatMatrix(MemorySegment data, int rows, int columns) {
    /** Alignment in bytes of the memory that {@link #allocate} takes: one cache line. */
    public static final int ALIGNMENT = 64;

    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Checks that the memory is native and long enough.
     *
     * @throws IllegalArgumentException when it is not, or when a dimension is out of range
     */
    public FloatMatrix {
        if (rows < 0 || columns < 1) {
            throw new IllegalArgumentException("a matrix of " + rows + " rows and " + columns
                    + " columns: at least 0 rows and 1 column are needed");
        }
        if (!data.isNative()) {
            throw new IllegalArgumentException("matrix data must be native memory, but the segment is on the heap");
        }
        long needed = (long) rows * columns * Float.BYTES;
        if (data.byteSize() < needed) {
            throw new IllegalArgumentException("a " + rows + " x " + columns + " float matrix needs " + needed
                    + " bytes, the segment has " + data.byteSize());
        }
    }

    /** Allocates a matrix on a cache-line boundary; the content is what the allocator leaves in it. */
    public static FloatMatrix allocate(SegmentAllocator allocator, int rows, int columns) {
        long bytes = Math.max(1, (long) rows * columns * Float.BYTES);
        return new FloatMatrix(allocator.allocate(bytes, ALIGNMENT), rows, columns);
    }

    /** Returns one element. */
    public float get(int row, int column) {
        return data.get(FLOAT, offset(row, column));
    }

    /** Sets one element. */
    public void set(int row, int column, float value) {
        data.set(FLOAT, offset(row, column), value);
    }

    /** Returns the {@code columns * 4} bytes of one row, sharing memory with this matrix. */
    public MemorySegment row(int row) {
        return data.asSlice(offset(row, 0), rowBytes());
    }

    /** Returns a view of {@code count} rows starting at row {@code from}. */
    public FloatMatrix rows(int from, int count) {
        if (from < 0 || count < 0 || from > rows - count) {
            throw new IndexOutOfBoundsException(
                    count + " rows from row " + from + " are not within a matrix of " + rows + " rows");
        }
        return new FloatMatrix(data.asSlice(from * rowBytes(), count * rowBytes()), count, columns);
    }

    long rowBytes() {
        return (long) columns * Float.BYTES;
    }

    void requireShape(String name, int expectedRows, int expectedColumns) {
        if (rows != expectedRows || columns != expectedColumns) {
            throw new IllegalArgumentException(name + " is " + rows + " x " + columns + " where " + expectedRows + " x "
                    + expectedColumns + " is needed");
        }
    }

    private long offset(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "element (" + row + ", " + column + ") of a " + rows + " x " + columns + " matrix");
        }
        return row * rowBytes() + (long) column * Float.BYTES;
    }
}
