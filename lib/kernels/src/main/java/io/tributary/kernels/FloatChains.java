package io.tributary.kernels;

import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;

/** Chains of weights that have no scales: closed after {@link #INPUTS} inputs, scaled by one. */
final class FloatChains implements QuantScales {
    /** Inputs of one chain. */
    static final int INPUTS = 128;

    @Override
    public long bytes(int inputs) {
        return 0;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        // There are none.
    }

    /** Writes ones where quantised types have their scales: a fused multiply-add with one is a plain addition. */
    @Override
    public void widen(KernelOperands operands) {
        for (int chain = 0; chain * INPUTS < operands.inputs; chain++) {
            long scales = NativeMemory.place(operands.scales + chain * ROW_BYTES);
            for (int row = 0; row < WorkerScratch.PANEL_ROWS; row++) {
                ALL.set(FloatMatrix.FLOAT, scales + (long) row * Float.BYTES, 1f);
            }
        }
    }
}
