package io.tributary.kernels;

import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

/** Chains of weights that have no scales: closed after {@link #INPUTS} inputs, scaled by one. */
final class FloatChains {
    /** Inputs of one chain. */
    static final int INPUTS = 128;

    private FloatChains() {}

    /** Writes ones where quantised formats put their scales: a fused multiply-add with one is a plain addition. */
    static void unitScales(KernelOperands operands) {
        for (int chain = 0; chain * INPUTS < operands.inputs; chain++) {
            long scales = NativeMemory.place(operands.scratch + WorkerScratch.SCALES + chain * ROW_BYTES);
            for (int row = 0; row < WorkerScratch.PANEL_ROWS; row++) {
                NativeMemory.ALL.set(FloatMatrix.FLOAT, scales + (long) row * Float.BYTES, 1f);
            }
        }
    }
}
