package io.tributary.kernels;

import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The F16 scales of quantised weights: [quantisation blocks][64 rows] at the start of each packed block, filled up to a
 * cache line.
 *
 * <p>The bits of a half, moved to the place of a float's fraction and exponent, are the float divided by 2^112: the
 * product with 2^112 is exact, subnormal halves included. Infinity and NaN would need their own treatment, so they are
 * refused when packing.
 */
final class BlockScales {
    /** Weights that share a scale, in Q8_0 and Q4_0 alike. */
    static final int QUANTS = 32;

    /** The exponent of an infinite half and of NaN. */
    private static final int INFINITE = 0x7c00;

    private static final int STEP = WorkerScratch.PANEL_ROWS * Short.BYTES;

    private BlockScales() {}

    static long bytes(int inputs) {
        return (long) Math.ceilDiv(inputs / QUANTS * STEP, FloatMatrix.ALIGNMENT) * FloatMatrix.ALIGNMENT;
    }

    static void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        int blocks = inputs / QUANTS;
        long place = NativeMemory.address(target, offset, (long) blocks * STEP);
        for (int row = 0; row < WorkerScratch.PANEL_ROWS; row++) {
            long stored = source.address(firstRow + row, firstInput);
            boolean present = source.has(firstRow + row);
            for (int block = 0; block < blocks; block++) {
                short scale = present
                        ? ALL.get(
                                RowMajorWeights.SHORT,
                                stored + (long) block * source.type().blockBytes())
                        : 0;
                if ((scale & INFINITE) == INFINITE) {
                    source.requireFiniteScale(firstRow + row, firstInput + block * QUANTS);
                }
                ALL.set(RowMajorWeights.SHORT, place + (long) block * STEP + (long) row * Short.BYTES, scale);
            }
        }
    }

    /** Writes the scales of a block of a panel to the scratch memory as floats, [quantisation blocks][64 rows]. */
    static void widen(KernelOperands operands) {
        int blocks = operands.inputs / QUANTS;
        for (int row = 0; row < WorkerScratch.PANEL_ROWS; row += Lanes.COUNT) {
            long source = place(operands.weights + (long) row * Short.BYTES);
            long target = place(operands.scratch + WorkerScratch.SCALES + (long) row * Float.BYTES);
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
