package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** The F16 scales and minimums of Q4_1 and Q5_1, each as in {@link BlockScales}, the scales first. */
final class BlockMinimums implements QuantScales {
    @Override
    public int inputs() {
        return BlockScales.QUANTS;
    }

    @Override
    public long bytes(int inputs) {
        return 2 * BlockScales.bytesOf(inputs);
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long scales = NativeMemory.address(target, offset, bytes(inputs));
        BlockScales.packHalves(source, firstRow, firstInput, inputs, 0, scales);
        long minimums = scales + BlockScales.bytesOf(inputs);
        BlockScales.packHalves(source, firstRow, firstInput, inputs, Short.BYTES, minimums);
    }

    @Override
    public void widen(KernelOperands operands) {
        int blocks = operands.inputs / BlockScales.QUANTS;
        BlockScales.widenHalves(operands.packedScales, operands.scales, blocks);
        BlockScales.widenHalves(
                operands.packedScales + BlockScales.bytesOf(operands.inputs), operands.minimums, blocks);
    }
}
