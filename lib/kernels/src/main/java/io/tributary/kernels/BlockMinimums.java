package io.tributary.kernels;

import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The F16 scales and minimums of Q4_1 and Q5_1, each as in {@link BlockScales}, the scales first. */
final class BlockMinimums implements QuantScales {
    private final float center;

    /** @param center what was subtracted from the quants */
    BlockMinimums(int center) {
        this.center = center;
    }

    @Override
    public boolean haveMinimums() {
        return true;
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
        long scales = place(operands.scales);
        long minimums = place(operands.minimums);
        BlockScales.widenHalves(operands.packedScales, scales, blocks);
        BlockScales.widenHalves(operands.packedScales + BlockScales.bytesOf(operands.inputs), minimums, blocks);
        for (long offset = 0; offset < blocks * WorkerScratch.ROW_BYTES; offset += Lanes.VECTOR_BYTES) {
            FloatVector.fromMemorySegment(FLOATS, ALL, scales + offset, LITTLE)
                    .fma(
                            FloatVector.broadcast(FLOATS, center),
                            FloatVector.fromMemorySegment(FLOATS, ALL, minimums + offset, LITTLE))
                    .intoMemorySegment(ALL, minimums + offset, LITTLE);
        }
    }
}
