package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** Of weights that are floats already. */
final class NoScales implements QuantScales {
    @Override
    public int inputs() {
        return WorkerScratch.CHAIN_INPUTS;
    }

    @Override
    public long bytes(int inputs) {
        return 0;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        // There are none.
    }

    @Override
    public void widen(KernelOperands operands) {
        // There are none.
    }
}
