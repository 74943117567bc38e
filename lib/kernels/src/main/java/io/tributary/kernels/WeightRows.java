package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads single rows of stored weights, as an embedding does. */
public final class WeightRows {
    private WeightRows() {}

    /**
     * Writes one row of a stored matrix as float32.
     *
     * @param rowMajor rows of {@code columns} weights as in the file; may be unaligned
     * @param row index of the row
     * @param target at least {@code columns * 4} bytes
     * @throws IllegalArgumentException when columns is not a whole number of blocks or the target is too short
     * @throws IndexOutOfBoundsException when the matrix has no such row
     */
    public static void dequantize(
            WeightType type, MemorySegment rowMajor, long row, int columns, MemorySegment target) {
        long rowBytes = type.rowBytes(columns);
        long rows = rowBytes == 0 ? 0 : rowMajor.byteSize() / rowBytes;
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("row " + row + " of a weight matrix of " + rows + " rows");
        }
        if (target.byteSize() < (long) columns * Float.BYTES) {
            throw new IllegalArgumentException(
                    "a target of " + target.byteSize() + " bytes for " + columns + " floats");
        }
        widen(type, NativeMemory.address(rowMajor, row * rowBytes, rowBytes), columns, target);
    }

    /** Writes weights as float32, from the address of the first on, which begins a block. */
    static void widen(WeightType type, long stored, int count, MemorySegment target) {
        switch (type) {
            case F32 -> MemorySegment.copy(ALL, stored, target, 0, (long) count * Float.BYTES);
            case F16 -> {
                for (int k = 0; k < count; k++) {
                    set(target, k, half(stored + (long) k * Short.BYTES));
                }
            }
            case BF16 -> {
                for (int k = 0; k < count; k++) {
                    int bits = ALL.get(RowMajorWeights.SHORT, stored + (long) k * Short.BYTES);
                    set(target, k, Float.intBitsToFloat(bits << Short.SIZE));
                }
            }
            case Q8_0 -> widenBytes(stored, count, target);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> widenQuants(type, stored, count, target);
        }
    }

    private static void widenBytes(long stored, int count, MemorySegment target) {
        int length = WeightType.Q8_0.blockElements();
        for (int first = 0; first < count; first += length) {
            long block = stored + WeightType.Q8_0.rowBytes(first);
            float scale = half(block);
            for (int i = 0; i < length; i++) {
                int quant = ALL.get(ValueLayout.JAVA_BYTE, block + Short.BYTES + i);
                set(target, first + i, quant * scale);
            }
        }
    }

    private static void widenQuants(WeightType type, long stored, int count, MemorySegment target) {
        int inputs = StoredQuants.inputsOfScale(type);
        long quants = RowScratch.values();
        for (int first = 0; first < count; first += inputs) {
            int inBlock = first % type.blockElements();
            long block = stored + type.rowBytes(first - inBlock);
            float scale = StoredQuants.scale(type, block, inBlock / inputs);
            float minimum = StoredQuants.minimum(type, block, inBlock / inputs);
            StoredQuants.read(type, block, inBlock, quants);
            for (int k = 0; k < inputs; k++) {
                set(target, first + k, Math.fma(StoredQuants.get(quants, k), scale, minimum));
            }
        }
    }

    private static void set(MemorySegment target, int index, float weight) {
        target.set(FLOAT, (long) index * Float.BYTES, weight);
    }

    private static float half(long address) {
        return Float.float16ToFloat(ALL.get(RowMajorWeights.SHORT, address));
    }
}
