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
 * Q4_0, Q4_1 and Q4_K weights; a block is its {@link QuantScales}, then [inputs / 8][64 rows] ints of eight signed nibbles
 * (the stored nibble minus 8), the first input in the lowest nibble.
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

    private final WeightType type;
    private final QuantScales scales;

    /** @param type Q4_0, Q4_1 or Q4_K */
    PackedNibbles(WeightType type) {
        this.type = type;
        this.scales = QuantScales.of(type);
    }

    @Override
    public QuantScales scales() {
        return scales;
    }

    @Override
    public int chainInputs() {
        return QUANTS;
    }

    @Override
    public long quantBytes(int inputs) {
        return inputs / NIBBLES * ROW_BYTES;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long place = NativeMemory.address(target, offset, quantBytes(inputs));
        for (int row = 0; row < PANEL_ROWS; row++) {
            long stored = source.address(firstRow + row, firstInput);
            for (int block = 0; block < inputs / QUANTS; block++) {
                long words = place + (long) block * WORDS * ROW_BYTES + (long) row * Integer.BYTES;
                if (type == WeightType.Q4_K) {
                    packHalfBytes(stored + 16 + (long) (block / 2) * QUANTS, block % 2 * 4, words);
                } else {
                    packBlock(stored + (long) (block + 1) * type.blockBytes() - QUANTS / 2, words);
                }
            }
        }
    }

    /** Packs 32 weights of a row. Rows beyond the matrix, whose scales are zero, repeat its last row. */
    private static void packBlock(long quants, long place) {
        long first = ALL.get(LONG, quants);
        long second = ALL.get(LONG, quants + Long.BYTES);
        // The low nibbles of a stored block are its first half.
        ALL.set(INT, place, gather(first));
        ALL.set(INT, place + ROW_BYTES, gather(second));
        ALL.set(INT, place + 2 * ROW_BYTES, gather(first >>> 4));
        ALL.set(INT, place + 3 * ROW_BYTES, gather(second >>> 4));
    }

    /** Packs 32 weights that are the lower or the upper halves of 32 bytes. */
    private static void packHalfBytes(long quants, int shift, long place) {
        for (int word = 0; word < WORDS; word++) {
            long bytes = ALL.get(LONG, quants + (long) word * Long.BYTES);
            ALL.set(INT, place + word * ROW_BYTES, gather(bytes >>> shift));
        }
    }

    /** Packs the low nibbles of eight bytes. */
    private static int gather(long bytes) {
        return (int) Long.compress(bytes, 0x0f0f0f0f0f0f0f0fL) ^ SIGNS;
    }

    @Override
    public void multiply(KernelOperands operands, int column) {
        if (TABLE) {
            NibblesByTable.multiply(operands, column);
        } else {
            NibblesByShift.multiply(operands, column);
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
    public void widen(KernelOperands operands, int column) {
        long source = place(operands.quants + (long) column * Integer.BYTES);
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
