package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A stored weight matrix [outputs, inputs] as it stands in a file, possibly unaligned. */
record RowMajorWeights(WeightType type, MemorySegment data, int outputs, int inputs) {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The exponent of an infinite half and of NaN. */
    private static final int INFINITE = 0x7c00;

    RowMajorWeights {
        if (outputs < 1 || inputs < 1) {
            throw new IllegalArgumentException(
                    "weights of " + outputs + " outputs and " + inputs + " inputs; both must be at least 1");
        }
        long needed = outputs * type.rowBytes(inputs);
        if (data.byteSize() < needed) {
            throw new IllegalArgumentException(outputs + " x " + inputs + " weights of type " + type + " need " + needed
                    + " bytes, the segment has " + data.byteSize());
        }
    }

    /** Byte offset of the quantisation block, or the weight, that holds a column; the column starts a block. */
    long offset(int row, int column) {
        return row * type.rowBytes(inputs) + type.rowBytes(column);
    }

    /** The address of such a block; of the last row for rows beyond it. */
    long address(int row, int column) {
        int present = Math.min(row, outputs - 1);
        long rest = type.rowBytes(inputs) - type.rowBytes(column);
        return NativeMemory.address(data, offset(present, column), rest);
    }

    boolean has(int row) {
        return row < outputs;
    }

    /** Checks a weight, given as the float it stands for. */
    void requireFinite(int row, int column, float weight) {
        requireFinite(row, column, weight, "weight");
    }

    /** Checks the F16 scale or minimum of the quantisation block that starts at a column. */
    void requireFiniteHalf(int row, int column, short half) {
        if ((half & INFINITE) == INFINITE) {
            requireFinite(row, column, Float.float16ToFloat(half), "block scale");
        }
    }

    private void requireFinite(int row, int column, float value, String what) {
        if (!Float.isFinite(value)) {
            throw new InvalidWeightsException(type, row, column, value, what);
        }
    }
}
