package io.tributary.kernels;

import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
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
        for (int row = 0; row < PANEL_ROWS; row++) {
            boolean present = source.has(firstRow + row);
            for (int first = 0; first < inputs; first += NIBBLES) {
                int column = firstInput + first;
                int nibbles = 0;
                if (present) {
                    long from = source.offset(firstRow + row, column - column % QUANTS) + Short.BYTES;
                    nibbles = gather(source.data(), from, column % QUANTS);
                }
                long place = quants + first / NIBBLES * ROW_BYTES + (long) row * Integer.BYTES;
                target.set(RowMajorWeights.INT, place, nibbles);
            }
        }
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

    /** Packs eight consecutive weights of a stored block, whose low nibbles are its first half. */
    private static int gather(MemorySegment data, long quants, int first) {
        // All eight are in the same half of the block, so in the same nibbles of eight bytes.
        long bytes = data.get(RowMajorWeights.LONG, quants + first % (QUANTS / 2));
        long nibbles = bytes >>> (first < QUANTS / 2 ? 0 : 4) & 0x0f0f0f0f0f0f0f0fL;
        return (int) Long.compress(nibbles, 0x0f0f0f0f0f0f0f0fL) ^ SIGNS;
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
