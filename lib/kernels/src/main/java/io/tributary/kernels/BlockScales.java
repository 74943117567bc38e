package io.tributary.kernels;

import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.RowMajorWeights.SHORT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The F16 scales of Q8_0, Q4_0 and Q5_0, [quantisation blocks][64 rows] for each block of 256 inputs. */
final class BlockScales implements QuantScales {
    /** Weights that share a scale, in all types of that kind. */
    static final int QUANTS = 32;

    /** Bytes from a block to the next. */
    private static final int STEP = WorkerScratch.PANEL_ROWS * Short.BYTES;

    /** The stored quant that stands for zero. */
    private final int center;

    /** @param type Q8_0, Q4_0 or Q5_0 */
    BlockScales(WeightType type) {
        this.center = type == WeightType.Q8_0 ? 0 : StoredQuants.center(type);
    }

    @Override
    public int inputs() {
        return QUANTS;
    }

    @Override
    public long bytes(int inputs) {
        return bytesOf(inputs);
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        packHalves(source, firstRow, firstInput, inputs, 0, NativeMemory.address(target, offset, bytes(inputs)));
    }

    @Override
    public void widen(KernelOperands operands) {
        int blocks = operands.inputs / QUANTS;
        widenHalves(operands.packedScales, operands.scales, blocks);
        if (center != 0) {
            center(operands.scales, operands.minimums, center, blocks);
        }
    }

    /** Writes the minimums of quants of which one other than zero stands for zero. */
    static void center(long scales, long minimums, int center, int count) {
        long from = place(scales);
        long to = place(minimums);
        for (long offset = 0; offset < count * WorkerScratch.ROW_BYTES; offset += Lanes.VECTOR_BYTES) {
            FloatVector.fromMemorySegment(FLOATS, ALL, from + offset, LITTLE)
                    .mul(-center)
                    .intoMemorySegment(ALL, to + offset, LITTLE);
        }
    }

    /** Bytes of one half for each row and block of 32. */
    static long bytesOf(int inputs) {
        return (long) inputs / QUANTS * STEP;
    }

    /** Packs the half that stands at a place of each stored block of 32; the address is that of the first of the panel. */
    static void packHalves(RowMajorWeights source, int firstRow, int firstInput, int inputs, int place, long target) {
        int blockBytes = source.type().blockBytes();
        for (int row = 0; row < WorkerScratch.PANEL_ROWS; row++) {
            long stored = source.address(firstRow + row, firstInput) + place;
            boolean present = source.has(firstRow + row);
            for (int block = 0; block < inputs / QUANTS; block++) {
                short half = present ? ALL.get(SHORT, stored + (long) block * blockBytes) : 0;
                source.requireFiniteHalf(firstRow + row, firstInput + block * QUANTS, half);
                ALL.set(SHORT, target + (long) block * STEP + (long) row * Short.BYTES, half);
            }
        }
    }

    /** Writes halves [blocks][64 rows], which are finite since packing refuses others, as floats. */
    static void widenHalves(long from, long to, int blocks) {
        Halves.widen(from, to, blocks * WorkerScratch.PANEL_ROWS);
    }
}
