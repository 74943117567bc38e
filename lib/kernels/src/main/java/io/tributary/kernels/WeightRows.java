package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

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
        long base = row * rowBytes;
        switch (type) {
            case F32 -> MemorySegment.copy(rowMajor, base, target, 0, rowBytes);
            case F16 -> widenHalves(rowMajor, base, columns, target);
            case BF16 -> widenBrainFloats(rowMajor, base, columns, target);
            case Q8_0 -> widenBytes(rowMajor, base, columns, target);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> widenQuants(type, rowMajor, base, columns, target);
        }
    }

    private static void widenHalves(MemorySegment source, long base, int columns, MemorySegment target) {
        for (int k = 0; k < columns; k++) {
            target.set(FLOAT, (long) k * Float.BYTES, half(source, base + (long) k * Short.BYTES));
        }
    }

    private static void widenBrainFloats(MemorySegment source, long base, int columns, MemorySegment target) {
        for (int k = 0; k < columns; k++) {
            int bits = source.get(RowMajorWeights.SHORT, base + (long) k * Short.BYTES) << Short.SIZE;
            target.set(FLOAT, (long) k * Float.BYTES, Float.intBitsToFloat(bits));
        }
    }

    private static void widenBytes(MemorySegment source, long base, int columns, MemorySegment target) {
        int length = WeightType.Q8_0.blockElements();
        for (int block = 0; block < columns / length; block++) {
            long start = base + (long) block * WeightType.Q8_0.blockBytes();
            float scale = half(source, start);
            for (int i = 0; i < length; i++) {
                int quant = source.get(ValueLayout.JAVA_BYTE, start + Short.BYTES + i);
                target.set(FLOAT, ((long) block * length + i) * Float.BYTES, quant * scale);
            }
        }
    }

    private static void widenQuants(
            WeightType type, MemorySegment source, long base, int columns, MemorySegment target) {
        int length = type.blockElements();
        int chainInputs = StoredQuants.chainInputs(type);
        int center = StoredQuants.haveMinimums(type) ? StoredQuants.center(type) : 0;
        long stored = NativeMemory.address(source, base, type.rowBytes(columns));
        long quants = RowScratch.values();
        for (int first = 0; first < columns; first += chainInputs) {
            long block = stored + (long) (first / length) * type.blockBytes();
            int inBlock = first % length;
            float scale = StoredQuants.scale(type, block, inBlock / chainInputs);
            float minimum = StoredQuants.minimum(type, block, inBlock / chainInputs);
            StoredQuants.read(type, block, inBlock, quants);
            for (int k = 0; k < chainInputs; k++) {
                target.set(
                        FLOAT,
                        (long) (first + k) * Float.BYTES,
                        scale * (StoredQuants.get(quants, k) + center) + minimum);
            }
        }
    }

    private static float half(MemorySegment source, long offset) {
        return Float.float16ToFloat(source.get(RowMajorWeights.SHORT, offset));
    }
}
