package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.RowMajorWeights.SHORT;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    /** Inputs of one chain of the canonical order. */
    int chainInputs() {
        return hasBlocks() ? StoredQuants.chainInputs(type) : FloatChains.INPUTS;
    }

    boolean haveMinimums() {
        return hasBlocks() && type != WeightType.Q8_0 && StoredQuants.haveMinimums(type);
    }

    /** Writes the weights of a row from the address of one on to {@code target} as floats, without their scales. */
    void widen(long stored, int inputs, long target) {
        for (int first = 0; first < inputs; first += chainInputs()) {
            long chain = target + (long) first * Float.BYTES;
            widenChain(stored, first, Math.min(chainInputs(), inputs - first), chain);
        }
    }

    /** The scale of a chain behind the address of a weight; 1 for types that have none. */
    float scale(long stored, int chain) {
        if (!hasBlocks()) {
            return 1f;
        }
        long quants = quantBlock(stored, chain * chainInputs());
        return type == WeightType.Q8_0
                ? Float.float16ToFloat(ALL.get(SHORT, quants))
                : StoredQuants.scale(type, quants, chainOfBlock(chain));
    }

    /** What a chain's sum of activations is multiplied with: its minimum, and what centring its quants needs. */
    float minimum(long stored, int chain) {
        long quants = quantBlock(stored, chain * chainInputs());
        return Math.fma(
                StoredQuants.center(type),
                scale(stored, chain),
                StoredQuants.minimum(type, quants, chainOfBlock(chain)));
    }

    private void widenChain(long stored, int first, int count, long target) {
        long block = stored + type.rowBytes(first - first % type.blockElements());
        switch (type) {
            case F32 -> MemorySegment.copy(ALL, block, ALL, target, (long) count * Float.BYTES);
            case F16 -> {
                for (int k = 0; k < count; k++) {
                    set(target, k, Float.float16ToFloat(ALL.get(SHORT, block + (long) k * Short.BYTES)));
                }
            }
            case BF16 -> {
                for (int k = 0; k < count; k++) {
                    int bits = ALL.get(SHORT, block + (long) k * Short.BYTES);
                    set(target, k, Float.intBitsToFloat(bits << Short.SIZE));
                }
            }
            case Q8_0 -> {
                for (int k = 0; k < count; k++) {
                    set(target, k, ALL.get(ValueLayout.JAVA_BYTE, block + Short.BYTES + k));
                }
            }
            case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> {
                long quants = RowScratch.values();
                StoredQuants.read(type, block, first % type.blockElements(), quants);
                for (int k = 0; k < count; k++) {
                    set(target, k, StoredQuants.get(quants, k));
                }
            }
        }
    }

    private long quantBlock(long stored, int input) {
        return stored + type.rowBytes(input - input % type.blockElements());
    }

    private int chainOfBlock(int chain) {
        return chain % (type.blockElements() / chainInputs());
    }

    private boolean hasBlocks() {
        return type.blockElements() > 1;
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

    private static void set(long target, int index, float value) {
        ALL.set(FLOAT, target + (long) index * Float.BYTES, value);
    }
}
