package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * F16 weights in blocks of {@link PairedInputs}.
 *
 * <p>The bits of a half, moved to the place of a float's fraction and exponent, are the float divided by 2^112: the
 * product with 2^112 is exact, subnormal halves included. Infinity and NaN would need their own treatment, so they are
 * refused when packing.
 */
final class PackedHalves implements PackedFormat {
    private static final int MASK = 0x8fffe000;
    private static final float FACTOR = 0x1p112f;

    @Override
    public int chainInputs() {
        return FloatChains.INPUTS;
    }

    @Override
    public long blockBytes(int inputs) {
        return PairedInputs.blockBytes(inputs);
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        PairedInputs.pack(source, firstRow, firstInput, inputs, target, offset);
    }

    @Override
    public void multiply(KernelOperands operands) {
        if (operands.inputs % 2 != 0) {
            // The pair of an odd last input has no second activation to read.
            widen(operands);
            PanelTiles.multiply(operands, FloatChains.INPUTS, 1);
            return;
        }
        for (int column = 0; column < PANEL_ROWS; column += 4 * Lanes.COUNT) {
            multiplyColumns(operands, column);
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        FloatChains.unitScales(operands);
        for (int column = 0; column < PANEL_ROWS; column += Lanes.COUNT) {
            widenColumns(operands, column);
        }
    }

    private static void multiplyColumns(KernelOperands operands, int column) {
        MemorySegment weights = operands.weights;
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int pairs = operands.inputs / 2;
        long x0 = operands.xOffset;
        long w0 = operands.weightsOffset + (long) column * Integer.BYTES;
        long totals = operands.totalsOffset + (long) column * Float.BYTES;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, scratch, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < pairs; first += FloatChains.INPUTS / 2) {
            int end = Math.min(pairs, first + FloatChains.INPUTS / 2);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int pair = first; pair < end; pair++) {
                FloatVector even = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + 2L * pair * Float.BYTES));
                FloatVector odd = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + (2L * pair + 1) * Float.BYTES));
                long row = w0 + pair * ROW_BYTES;
                IntVector b0 = IntVector.fromMemorySegment(INTS, weights, row, LITTLE);
                a0 = b0.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(even, a0);
                a0 = b0.lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(odd, a0);
                IntVector b1 = IntVector.fromMemorySegment(INTS, weights, row + VECTOR_BYTES, LITTLE);
                a1 = b1.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(even, a1);
                a1 = b1.lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(odd, a1);
                IntVector b2 = IntVector.fromMemorySegment(INTS, weights, row + 2 * VECTOR_BYTES, LITTLE);
                a2 = b2.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(even, a2);
                a2 = b2.lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(odd, a2);
                IntVector b3 = IntVector.fromMemorySegment(INTS, weights, row + 3 * VECTOR_BYTES, LITTLE);
                a3 = b3.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(even, a3);
                a3 = b3.lanewise(VectorOperators.ASHR, 3)
                        .and(MASK)
                        .reinterpretAsFloats()
                        .mul(FACTOR)
                        .fma(odd, a3);
            }
            t0 = t0.add(a0);
            t1 = t1.add(a1);
            t2 = t2.add(a2);
            t3 = t3.add(a3);
        }
        t0.intoMemorySegment(scratch, totals, LITTLE);
        t1.intoMemorySegment(scratch, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(scratch, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void widenColumns(KernelOperands operands, int column) {
        MemorySegment scratch = operands.scratch;
        long source = operands.weightsOffset + (long) column * Integer.BYTES;
        long target = WorkerScratch.PANEL + (long) column * Float.BYTES;
        // An odd last pair also writes its zero half: the panel has room, as a block's rows are counted in pairs.
        int pairs = Math.ceilDiv(operands.inputs, 2);
        for (int pair = 0; pair < pairs; pair++) {
            IntVector bits = IntVector.fromMemorySegment(INTS, operands.weights, source + pair * ROW_BYTES, LITTLE);
            long place = target + 2L * pair * ROW_BYTES;
            bits.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(MASK)
                    .reinterpretAsFloats()
                    .mul(FACTOR)
                    .intoMemorySegment(scratch, place, LITTLE);
            bits.lanewise(VectorOperators.ASHR, 3)
                    .and(MASK)
                    .reinterpretAsFloats()
                    .mul(FACTOR)
                    .intoMemorySegment(scratch, place + ROW_BYTES, LITTLE);
        }
    }
}
