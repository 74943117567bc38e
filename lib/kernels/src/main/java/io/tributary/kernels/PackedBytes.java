package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.BYTES;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.WorkerScratch.PANEL_ROWS;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q8_0 weights; a block is [quantisation blocks][64 rows] F16 scales, padded to 64 bytes, then [inputs][64 rows] signed
 * bytes.
 */
final class PackedBytes implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;

    @Override
    public int chainInputs() {
        return QUANTS;
    }

    @Override
    public long blockBytes(int inputs) {
        return BlockScales.bytes(inputs) + (long) inputs * PANEL_ROWS;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        BlockScales.pack(source, firstRow, firstInput, inputs, target, offset);
        long quants = offset + BlockScales.bytes(inputs);
        for (int row = 0; row < PANEL_ROWS; row += Long.BYTES) {
            for (int k = 0; k < inputs; k += Long.BYTES) {
                packSquare(source, firstRow + row, firstInput + k, target, quants + (long) k * PANEL_ROWS + row);
            }
        }
    }

    /** Transposes the quants of eight rows and eight inputs, as one long for each row, then for each input. */
    private static void packSquare(RowMajorWeights source, int row, int input, MemorySegment target, long place) {
        long r0 = quants(source, row, input);
        long r1 = quants(source, row + 1, input);
        long r2 = quants(source, row + 2, input);
        long r3 = quants(source, row + 3, input);
        long r4 = quants(source, row + 4, input);
        long r5 = quants(source, row + 5, input);
        long r6 = quants(source, row + 6, input);
        long r7 = quants(source, row + 7, input);
        long half = 0x00000000ffffffffL;
        long s0 = (r0 & half) | (r4 << 32);
        long s1 = (r1 & half) | (r5 << 32);
        long s2 = (r2 & half) | (r6 << 32);
        long s3 = (r3 & half) | (r7 << 32);
        long s4 = (r0 >>> 32) | (r4 & ~half);
        long s5 = (r1 >>> 32) | (r5 & ~half);
        long s6 = (r2 >>> 32) | (r6 & ~half);
        long s7 = (r3 >>> 32) | (r7 & ~half);
        packPairs(s0, s1, s2, s3, target, place);
        packPairs(s4, s5, s6, s7, target, place + 4L * PANEL_ROWS);
    }

    /** The last two steps of the transposition: exchanges pairs of bytes, then bytes; writes four inputs. */
    private static void packPairs(long s0, long s1, long s2, long s3, MemorySegment target, long place) {
        long pairs = 0x0000ffff0000ffffL;
        long t0 = (s0 & pairs) | ((s2 & pairs) << 16);
        long t1 = (s1 & pairs) | ((s3 & pairs) << 16);
        long t2 = ((s0 >>> 16) & pairs) | (s2 & ~pairs);
        long t3 = ((s1 >>> 16) & pairs) | (s3 & ~pairs);
        long bytes = 0x00ff00ff00ff00ffL;
        target.set(RowMajorWeights.LONG, place, (t0 & bytes) | ((t1 & bytes) << 8));
        target.set(RowMajorWeights.LONG, place + PANEL_ROWS, ((t0 >>> 8) & bytes) | (t1 & ~bytes));
        target.set(RowMajorWeights.LONG, place + 2L * PANEL_ROWS, (t2 & bytes) | ((t3 & bytes) << 8));
        target.set(RowMajorWeights.LONG, place + 3L * PANEL_ROWS, ((t2 >>> 8) & bytes) | (t3 & ~bytes));
    }

    private static long quants(RowMajorWeights source, int row, int input) {
        if (!source.has(row)) {
            return 0;
        }
        int inBlock = input % QUANTS;
        return source.data().get(RowMajorWeights.LONG, source.offset(row, input - inBlock) + Short.BYTES + inBlock);
    }

    @Override
    public void multiply(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int column = 0; column < PANEL_ROWS; column += 4 * Lanes.COUNT) {
            multiplyColumns(operands, column);
        }
    }

    @Override
    public void widen(KernelOperands operands) {
        BlockScales.widen(operands);
        for (int column = 0; column < PANEL_ROWS; column += Lanes.COUNT) {
            widenColumns(operands, column);
        }
    }

    private static void multiplyColumns(KernelOperands operands, int column) {
        MemorySegment weights = operands.weights;
        MemorySegment scratch = operands.scratch;
        MemorySegment x = operands.x;
        int blocks = operands.inputs / QUANTS;
        long x0 = operands.xOffset;
        long w0 = operands.weightsOffset + BlockScales.bytes(operands.inputs) + column;
        long scales = WorkerScratch.SCALES + (long) column * Float.BYTES;
        long totals = operands.totalsOffset + (long) column * Float.BYTES;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, scratch, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, scratch, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int block = 0; block < blocks; block++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            for (int k = block * QUANTS; k < (block + 1) * QUANTS; k++) {
                FloatVector v = FloatVector.broadcast(FLOATS, x.get(FLOAT, x0 + (long) k * Float.BYTES));
                long row = w0 + (long) k * PANEL_ROWS;
                a0 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, row, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .fma(v, a0);
                a1 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, row + Lanes.COUNT, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .fma(v, a1);
                a2 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, row + 2L * Lanes.COUNT, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .fma(v, a2);
                a3 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, weights, row + 3L * Lanes.COUNT, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .fma(v, a3);
            }
            long scale = scales + block * ROW_BYTES;
            t0 = a0.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale, LITTLE), t0);
            t1 = a1.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + VECTOR_BYTES, LITTLE), t1);
            t2 = a2.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + 2 * VECTOR_BYTES, LITTLE), t2);
            t3 = a3.fma(FloatVector.fromMemorySegment(FLOATS, scratch, scale + 3 * VECTOR_BYTES, LITTLE), t3);
        }
        t0.intoMemorySegment(scratch, totals, LITTLE);
        t1.intoMemorySegment(scratch, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(scratch, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(scratch, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    private static void widenColumns(KernelOperands operands, int column) {
        long source = operands.weightsOffset + BlockScales.bytes(operands.inputs) + column;
        long target = WorkerScratch.PANEL + (long) column * Float.BYTES;
        for (int k = 0; k < operands.inputs; k++) {
            ((FloatVector) ByteVector.fromMemorySegment(BYTES, operands.weights, source + (long) k * PANEL_ROWS, LITTLE)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .intoMemorySegment(operands.scratch, target + k * ROW_BYTES, LITTLE);
        }
    }
}
