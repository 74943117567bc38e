package io.tributary.kernels;

import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

/** Chains of weights that have no scales: closed after {@link #INPUTS} inputs, scaled by one. */
final class FloatChains {
    /** Inputs of one chain. */
    static final int INPUTS = 128;

    private FloatChains() {}

    /** Writes ones where quantised formats put their scales: a fused multiply-add with one is a plain addition. */
    static void unitScales(KernelOperands operands) {
        for (long chain = 0; chain * INPUTS < operands.inputs; chain++) {
            for (int row = 0; row < WorkerScratch.PANEL_ROWS; row++) {
                long place = WorkerScratch.SCALES + chain * ROW_BYTES + (long) row * Float.BYTES;
                operands.scratch.set(FloatMatrix.FLOAT, place, 1f);
            }
        }
    }
}
