package io.tributary.kernels;

import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.RowMajorWeights.SHORT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The F16 scales of quantised weights, [quantisation blocks][64 rows] for each block of 256 inputs.
 *
 * <p>The bits of a half, moved to the place of a float's fraction and exponent, are the float divided by 2^112: the
 * product with 2^112 is exact, subnormal halves included. Infinity and NaN would need their own treatment, so they are
 * refused when packing.
 */
final class BlockScales implements QuantScales {
    /** Weights that share a scale, in all types of that kind. */
    static final int QUANTS = 32;

    /** Bytes from a block to the next. */
    private static final int STEP = WorkerScratch.PANEL_ROWS * Short.BYTES;

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
        widenHalves(operands.packedScales, operands.scales, operands.inputs / QUANTS);
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

    /** Writes halves [blocks][64 rows] as floats. */
    static void widenHalves(long from, long to, int blocks) {
        for (int row = 0; row < WorkerScratch.PANEL_ROWS; row += Lanes.COUNT) {
            long source = place(from + (long) row * Short.BYTES);
            long target = place(to + (long) row * Float.BYTES);
            for (int block = 0; block < blocks; block++) {
                ShortVector.fromMemorySegment(Lanes.SHORTS, ALL, source + (long) block * STEP, LITTLE)
                        .convertShape(VectorOperators.S2I, Lanes.INTS, 0)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 13)
                        .and(0x8fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .intoMemorySegment(ALL, target + block * WorkerScratch.ROW_BYTES, LITTLE);
            }
        }
    }
}
