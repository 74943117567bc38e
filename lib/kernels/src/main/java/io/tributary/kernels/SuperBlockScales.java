package io.tributary.kernels;

import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The scales of Q4_K, Q5_K and Q6_K: [64 rows] F16 scales, then the same of minimums if there are any, then the multiples of
 * the scales [sub-blocks][64 rows] as bytes, then those of the minimums.
 */
final class SuperBlockScales implements QuantScales {
    private static final int INPUTS = 256;
    private static final long HALVES = (long) PANEL_ROWS * Short.BYTES;

    private final WeightType type;
    private final boolean minimums;
    private final int chains;

    SuperBlockScales(WeightType type) {
        this.type = type;
        this.minimums = StoredQuants.haveMinimums(type);
        this.chains = INPUTS / StoredQuants.inputsOfScale(type);
    }

    @Override
    public int inputs() {
        return INPUTS / chains;
    }

    @Override
    public long bytes(int inputs) {
        return (minimums ? 2 : 1) * (HALVES + (long) chains * PANEL_ROWS);
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long place = NativeMemory.address(target, offset, bytes(inputs));
        for (int row = 0; row < PANEL_ROWS; row++) {
            if (source.has(firstRow + row)) {
                packRow(source, firstRow + row, firstInput, place, row);
            }
        }
    }

    private void packRow(RowMajorWeights source, int row, int firstInput, long place, int column) {
        long stored = source.address(row, firstInput);
        packHalf(source, row, firstInput, stored + (minimums ? 0 : type.blockBytes() - Short.BYTES), place, column);
        long multiples = place + HALVES + column;
        if (minimums) {
            packHalf(source, row, firstInput, stored + Short.BYTES, place + HALVES, column);
            multiples += HALVES;
        }
        for (int chain = 0; chain < chains; chain++) {
            long at = multiples + (long) chain * PANEL_ROWS;
            if (minimums) {
                setByte(at, StoredQuants.sixBitScale(stored, chain));
                setByte(at + (long) chains * PANEL_ROWS, StoredQuants.sixBitMinimum(stored, chain));
            } else {
                setByte(at, StoredQuants.sixBitScaleOfQ6(stored, chain));
            }
        }
    }

    private static void packHalf(RowMajorWeights source, int row, int firstInput, long stored, long place, int column) {
        short half = ALL.get(RowMajorWeights.SHORT, stored);
        source.requireFiniteHalf(row, firstInput, half);
        ALL.set(RowMajorWeights.SHORT, place + (long) column * Short.BYTES, half);
    }

    private static void setByte(long place, int value) {
        ALL.set(ValueLayout.JAVA_BYTE, place, (byte) value);
    }

    @Override
    public void widen(KernelOperands operands) {
        // What the whole block has in common is widened where the last products will be written last.
        long common = (chains - 1) * ROW_BYTES;
        BlockScales.widenHalves(operands.packedScales, operands.scales + common, 1);
        long multiples = operands.packedScales + (minimums ? 2 : 1) * HALVES;
        multiply(multiples, operands.scales + common, operands.scales, 1f);
        if (minimums) {
            BlockScales.widenHalves(operands.packedScales + HALVES, operands.minimums + common, 1);
            multiply(multiples + (long) chains * PANEL_ROWS, operands.minimums + common, operands.minimums, -1f);
        } else {
            BlockScales.center(operands.scales, operands.minimums, StoredQuants.center(type), chains);
        }
    }

    /** Writes the products of bytes, what they have in common, and a sign. */
    private void multiply(long multiples, long common, long target, float sign) {
        for (int column = 0; column < PANEL_ROWS; column += Lanes.COUNT) {
            long shift = (long) column * Float.BYTES;
            multiplyColumns(multiples + column, common + shift, target + shift, sign, chains);
        }
    }

    private static void multiplyColumns(long multiples, long common, long target, float sign, int chains) {
        long from = place(multiples);
        long to = place(target);
        FloatVector factor = FloatVector.fromMemorySegment(FLOATS, ALL, place(common), LITTLE)
                .mul(sign);
        for (int chain = 0; chain < chains; chain++) {
            ((FloatVector) ByteVector.fromMemorySegment(Lanes.BYTES, ALL, from + (long) chain * PANEL_ROWS, LITTLE)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .mul(factor)
                    .intoMemorySegment(ALL, to + chain * ROW_BYTES, LITTLE);
        }
    }
}
