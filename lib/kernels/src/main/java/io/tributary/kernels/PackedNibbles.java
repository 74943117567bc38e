package io.tributary.kernels;

import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.RowMajorWeights.INT;
import static io.tributary.kernels.RowMajorWeights.LONG;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0 weights; a block is [quantisation blocks][64 rows] F16 scales, padded to 64 bytes, then [inputs / 8][64 rows] ints
 * of eight signed nibbles (the stored nibble minus 8), the first input in the lowest nibble.
 */
final class PackedNibbles implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;
    /** Weights in an int. */
    static final int NIBBLES = 8;
    /** Ints of a quantisation block. */
    static final int WORDS = QUANTS / NIBBLES;
    /** Moves the lowest nibble to the sign. */
    static final int TOP = Integer.SIZE - 4;
    /** Turns eight stored nibbles q into the two's complement of q - 8. */
    private static final int SIGNS = 0x88888888;
    /** Whether a vector has room for what the 16 nibbles stand for. */
    private static final boolean TABLE = Lanes.COUNT == 16;

    @Override
    public int chainInputs() {
        return QUANTS;
    }

    @Override
    public long blockBytes(int inputs) {
        return BlockScales.bytes(inputs) + inputs / NIBBLES * ROW_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        BlockScales.pack(source, firstRow, firstInput, inputs, target, offset);
        long quants = offset + BlockScales.bytes(inputs);
        long bytes = blockBytes(inputs) - BlockScales.bytes(inputs);
        long place = NativeMemory.address(target, quants, bytes);
        for (int row = 0; row < PANEL_ROWS; row++) {
            packRow(source.address(firstRow + row, firstInput), inputs / QUANTS, place + (long) row * Integer.BYTES);
        }
    }

    /** Packs a row. Those beyond the matrix, whose scales are zero, repeat its last row. */
    private static void packRow(long source, int blocks, long target) {
        for (int block = 0; block < blocks; block++) {
            long quants = source + (long) block * WeightType.Q4_0.blockBytes() + Short.BYTES;
            long first = ALL.get(LONG, quants);
            long second = ALL.get(LONG, quants + Long.BYTES);
            long place = target + (long) block * WORDS * ROW_BYTES;
            // The low nibbles of a stored block are its first half.
            ALL.set(INT, place, gather(first));
            ALL.set(INT, place + ROW_BYTES, gather(second));
            ALL.set(INT, place + 2 * ROW_BYTES, gather(first >>> 4));
            ALL.set(INT, place + 3 * ROW_BYTES, gather(second >>> 4));
        }
    }

    /** Packs the low nibbles of eight bytes. */
    private static int gather(long bytes) {
        return (int) Long.compress(bytes, 0x0f0f0f0f0f0f0f0fL) ^ SIGNS;
    }

    @Override
    public void multiply(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int column = 0; column < PANEL_ROWS; column += 4 * Lanes.COUNT) {
            if (TABLE) {
                NibblesByTable.multiply(operands, column);
            } else {
                NibblesByShift.multiply(operands, column);
            }
        }
    }

    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        if (TABLE) {
            NibblesByTable.multiplyTile(operands, x, column);
        } else {
            NibblesByShift.multiplyTile(operands, x, column);
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        for (int column = 0; column < PANEL_ROWS; column += Lanes.COUNT) {
            widenColumns(operands, column);
        }
    }

    @Override
    public void widenScales(KernelOperands operands) {
        BlockScales.widen(operands);
    }

    private static void widenColumns(KernelOperands operands, int column) {
        long source = place(operands.weights + BlockScales.bytes(operands.inputs) + (long) column * Integer.BYTES);
        long target = place(operands.scratch + WorkerScratch.PANEL + (long) column * Float.BYTES);
        int words = operands.inputs / NIBBLES;
        for (int word = 0; word < words; word++) {
            IntVector bits = IntVector.fromMemorySegment(INTS, ALL, source + word * ROW_BYTES, LITTLE);
            for (int i = 0; i < NIBBLES; i++) {
                ((FloatVector) bits.lanewise(VectorOperators.LSHL, TOP)
                                .lanewise(VectorOperators.ASHR, TOP)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .intoMemorySegment(ALL, target + ((long) word * NIBBLES + i) * ROW_BYTES, LITTLE);
                bits = bits.lanewise(VectorOperators.LSHR, 4);
            }
        }
    }
}
