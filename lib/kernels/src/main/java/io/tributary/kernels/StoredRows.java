package io.tributary.kernels;

import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.RowMajorWeights.SHORT;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;

import java.lang.foreign.MemorySegment;

/** Weights as they are in the file, row by row: what the scalar kernels read. */
final class StoredRows implements WeightLayout {
    private final WeightType type;

    StoredRows(WeightType type) {
        this.type = type;
    }

    @Override
    public long panelBytes(int inputs) {
        return PANEL_ROWS * type.rowBytes(inputs);
    }

    @Override
    public void packPanel(RowMajorWeights source, int firstRow, MemorySegment target, long offset) {
        long rowBytes = type.rowBytes(source.inputs());
        long place = NativeMemory.address(target, offset, panelBytes(source.inputs()));
        for (int row = 0; row < PANEL_ROWS && source.has(firstRow + row); row++) {
            long stored = source.address(firstRow + row, 0);
            requireFinite(source, firstRow + row, stored);
            MemorySegment.copy(ALL, stored, ALL, place + row * rowBytes, rowBytes);
        }
    }

    private void requireFinite(RowMajorWeights source, int row, long stored) {
        int length = type.blockElements();
        for (int k = 0; k < source.inputs(); k += length) {
            long block = stored + type.rowBytes(k);
            switch (type) {
                case F32 -> source.requireFinite(row, k, ALL.get(RowMajorWeights.FLOAT, block));
                case F16 -> source.requireFinite(row, k, Float.float16ToFloat(ALL.get(SHORT, block)));
                case BF16 -> {
                    int bits = ALL.get(SHORT, block);
                    source.requireFinite(row, k, Float.intBitsToFloat(bits << Short.SIZE));
                }
                case Q8_0, Q4_0, Q5_0 -> source.requireFiniteHalf(row, k, ALL.get(SHORT, block));
                case Q4_1, Q5_1, Q4_K, Q5_K -> {
                    source.requireFiniteHalf(row, k, ALL.get(SHORT, block));
                    source.requireFiniteHalf(row, k, ALL.get(SHORT, block + Short.BYTES));
                }
                case Q6_K -> {
                    long scale = block + type.blockBytes() - Short.BYTES;
                    source.requireFiniteHalf(row, k, ALL.get(SHORT, scale));
                }
            }
        }
    }
}
