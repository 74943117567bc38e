package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.Lanes.BYTES;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.VECTOR_BYTES;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;
import static io.tributary.kernels.PanelTiles.PANEL_STEP;
import static io.tributary.kernels.RowMajorWeights.LONG;
import static io.tributary.kernels.WorkerScratch.ROW_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Q8_0 weights; a strip is [inputs][16 rows] signed bytes. */
final class PackedBytes implements PackedFormat {
    private static final int QUANTS = BlockScales.QUANTS;
    /** Quantisation blocks of a chain. */
    private static final int CHAIN_BLOCKS = WorkerScratch.CHAIN_INPUTS / QUANTS;

    private final QuantScales scales = new BlockScales(WeightType.Q8_0);

    @Override
    public QuantScales scales() {
        return scales;
    }

    @Override
    public long quantBytes(int inputs) {
        return (long) inputs * STRIP_ROWS;
    }

    @Override
    public void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        long quants = NativeMemory.address(target, offset, quantBytes(inputs));
        for (int row = 0; row < STRIP_ROWS; row += Long.BYTES) {
            packRows(source, firstRow + row, firstInput, inputs / QUANTS, quants + row);
        }
    }

    /** Transposes the quants of eight rows. Rows beyond the matrix, whose scales are zero, repeat its last row. */
    private static void packRows(RowMajorWeights source, int row, int firstInput, int blocks, long target) {
        long r0 = source.address(row, firstInput);
        long r1 = source.address(row + 1, firstInput);
        long r2 = source.address(row + 2, firstInput);
        long r3 = source.address(row + 3, firstInput);
        long r4 = source.address(row + 4, firstInput);
        long r5 = source.address(row + 5, firstInput);
        long r6 = source.address(row + 6, firstInput);
        long r7 = source.address(row + 7, firstInput);
        for (int k = 0; k < blocks * QUANTS; k += Long.BYTES) {
            long place = (long) k / QUANTS * WeightType.Q8_0.blockBytes() + Short.BYTES + k % QUANTS;
            packSquare(
                    ALL.get(LONG, r0 + place),
                    ALL.get(LONG, r1 + place),
                    ALL.get(LONG, r2 + place),
                    ALL.get(LONG, r3 + place),
                    ALL.get(LONG, r4 + place),
                    ALL.get(LONG, r5 + place),
                    ALL.get(LONG, r6 + place),
                    ALL.get(LONG, r7 + place),
                    target + (long) k * STRIP_ROWS);
        }
    }

    /** Transposes eight rows of eight bytes, as one long for each row, then for each input. */
    private static void packSquare(long r0, long r1, long r2, long r3, long r4, long r5, long r6, long r7, long place) {
        long half = 0x00000000ffffffffL;
        packPairs(
                (r0 & half) | (r4 << 32),
                (r1 & half) | (r5 << 32),
                (r2 & half) | (r6 << 32),
                (r3 & half) | (r7 << 32),
                place);
        packPairs(
                (r0 >>> 32) | (r4 & ~half),
                (r1 >>> 32) | (r5 & ~half),
                (r2 >>> 32) | (r6 & ~half),
                (r3 >>> 32) | (r7 & ~half),
                place + 4L * STRIP_ROWS);
    }

    /** The last two steps of the transposition: exchanges pairs of bytes, then bytes; writes four inputs. */
    private static void packPairs(long s0, long s1, long s2, long s3, long place) {
        long pairs = 0x0000ffff0000ffffL;
        long t0 = (s0 & pairs) | ((s2 & pairs) << 16);
        long t1 = (s1 & pairs) | ((s3 & pairs) << 16);
        long t2 = ((s0 >>> 16) & pairs) | (s2 & ~pairs);
        long t3 = ((s1 >>> 16) & pairs) | (s3 & ~pairs);
        long bytes = 0x00ff00ff00ff00ffL;
        ALL.set(LONG, place, (t0 & bytes) | ((t1 & bytes) << 8));
        ALL.set(LONG, place + STRIP_ROWS, ((t0 >>> 8) & bytes) | (t1 & ~bytes));
        ALL.set(LONG, place + 2L * STRIP_ROWS, (t2 & bytes) | ((t3 & bytes) << 8));
        ALL.set(LONG, place + 3L * STRIP_ROWS, ((t2 >>> 8) & bytes) | (t3 & ~bytes));
    }

    @Override
    public int packedTokens() {
        return PanelTiles.FEW_REGISTERS ? 4 : 8;
    }

    @Override
    public int singleTokens() {
        return PanelTiles.FEW_REGISTERS ? 1 : 2;
    }

    @Override
    public void multiplyTile(KernelOperands operands, long x, int column) {
        if (PanelTiles.FEW_REGISTERS) {
            for (int token = 0; token < operands.tokens; token += 2) {
                long sums = operands.scratch + WorkerScratch.TILE + token * ROW_BYTES;
                multiplyTwo(operands, x + (long) token * Float.BYTES, column, sums);
            }
        } else {
            multiplyFour(operands, x, column);
        }
    }

    private static void multiplyFour(KernelOperands operands, long x, int column) {
        long s0 = place(operands.strip(column, Byte.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Byte.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Byte.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Byte.BYTES));
        long sums = place(operands.scratch + WorkerScratch.TILE);
        long x0 = place(x);
        long scales = place(operands.scales + (long) column * Float.BYTES);
        int blocks = operands.inputs / QUANTS;
        for (int first = 0; first < blocks; first += CHAIN_BLOCKS) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector c0 = FloatVector.zero(FLOATS);
            FloatVector d0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector b1 = FloatVector.zero(FLOATS);
            FloatVector c1 = FloatVector.zero(FLOATS);
            FloatVector d1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector b2 = FloatVector.zero(FLOATS);
            FloatVector c2 = FloatVector.zero(FLOATS);
            FloatVector d2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            FloatVector b3 = FloatVector.zero(FLOATS);
            FloatVector c3 = FloatVector.zero(FLOATS);
            FloatVector d3 = FloatVector.zero(FLOATS);
            int end = Math.min(blocks, first + CHAIN_BLOCKS);
            for (int block = first; block < end; block++) {
                long scale = scales + block * ROW_BYTES;
                FloatVector scale0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE);
                FloatVector scale1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE);
                FloatVector scale2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE);
                FloatVector scale3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE);
                for (int k = block * QUANTS; k < (block + 1) * QUANTS; k++) {
                    long place = x0 + k * ActivationTiles.STEP;
                    FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                    FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                    FloatVector v2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 2 * Float.BYTES));
                    FloatVector v3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + 3 * Float.BYTES));
                    long row = (long) k * STRIP_ROWS;
                    FloatVector wa = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s0 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale0);
                    a0 = wa.fma(v0, a0);
                    a1 = wa.fma(v1, a1);
                    a2 = wa.fma(v2, a2);
                    a3 = wa.fma(v3, a3);
                    FloatVector wb = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s1 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale1);
                    b0 = wb.fma(v0, b0);
                    b1 = wb.fma(v1, b1);
                    b2 = wb.fma(v2, b2);
                    b3 = wb.fma(v3, b3);
                    FloatVector wc = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s2 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale2);
                    c0 = wc.fma(v0, c0);
                    c1 = wc.fma(v1, c1);
                    c2 = wc.fma(v2, c2);
                    c3 = wc.fma(v3, c3);
                    FloatVector wd = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s3 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale3);
                    d0 = wd.fma(v0, d0);
                    d1 = wd.fma(v1, d1);
                    d2 = wd.fma(v2, d2);
                    d3 = wd.fma(v3, d3);
                }
            }
            a0.intoMemorySegment(ALL, sums, LITTLE);
            b0.intoMemorySegment(ALL, sums + VECTOR_BYTES, LITTLE);
            c0.intoMemorySegment(ALL, sums + 2 * VECTOR_BYTES, LITTLE);
            d0.intoMemorySegment(ALL, sums + 3 * VECTOR_BYTES, LITTLE);
            a1.intoMemorySegment(ALL, sums + ROW_BYTES, LITTLE);
            b1.intoMemorySegment(ALL, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            c1.intoMemorySegment(ALL, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d1.intoMemorySegment(ALL, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            a2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES, LITTLE);
            b2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            c2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d2.intoMemorySegment(ALL, sums + 2 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            a3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES, LITTLE);
            b3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES + VECTOR_BYTES, LITTLE);
            c3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d3.intoMemorySegment(ALL, sums + 3 * ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }

    /** @param tile address that the sums of the first of the two tokens go to */
    private static void multiplyTwo(KernelOperands operands, long x, int column, long tile) {
        long s0 = place(operands.strip(column, Byte.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Byte.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Byte.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Byte.BYTES));
        long sums = place(tile);
        long x0 = place(x);
        long scales = place(operands.scales + (long) column * Float.BYTES);
        int blocks = operands.inputs / QUANTS;
        int step = operands.step;
        for (int first = 0; first < blocks; first += CHAIN_BLOCKS) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector c0 = FloatVector.zero(FLOATS);
            FloatVector d0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector b1 = FloatVector.zero(FLOATS);
            FloatVector c1 = FloatVector.zero(FLOATS);
            FloatVector d1 = FloatVector.zero(FLOATS);
            int end = Math.min(blocks, first + CHAIN_BLOCKS);
            for (int block = first; block < end; block++) {
                long scale = scales + block * ROW_BYTES;
                FloatVector scale0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE);
                FloatVector scale1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE);
                FloatVector scale2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE);
                FloatVector scale3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE);
                for (int k = block * QUANTS; k < (block + 1) * QUANTS; k += step) {
                    long place = x0 + k * ActivationTiles.STEP;
                    FloatVector v0 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place));
                    FloatVector v1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, place + Float.BYTES));
                    long row = (long) k * STRIP_ROWS;
                    FloatVector wa = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s0 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale0);
                    a0 = wa.fma(v0, a0);
                    a1 = wa.fma(v1, a1);
                    FloatVector wb = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s1 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale1);
                    b0 = wb.fma(v0, b0);
                    b1 = wb.fma(v1, b1);
                    FloatVector wc = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s2 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale2);
                    c0 = wc.fma(v0, c0);
                    c1 = wc.fma(v1, c1);
                    FloatVector wd = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s3 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale3);
                    d0 = wd.fma(v0, d0);
                    d1 = wd.fma(v1, d1);
                }
            }
            a0.intoMemorySegment(ALL, sums, LITTLE);
            b0.intoMemorySegment(ALL, sums + VECTOR_BYTES, LITTLE);
            c0.intoMemorySegment(ALL, sums + 2 * VECTOR_BYTES, LITTLE);
            d0.intoMemorySegment(ALL, sums + 3 * VECTOR_BYTES, LITTLE);
            a1.intoMemorySegment(ALL, sums + ROW_BYTES, LITTLE);
            b1.intoMemorySegment(ALL, sums + ROW_BYTES + VECTOR_BYTES, LITTLE);
            c1.intoMemorySegment(ALL, sums + ROW_BYTES + 2 * VECTOR_BYTES, LITTLE);
            d1.intoMemorySegment(ALL, sums + ROW_BYTES + 3 * VECTOR_BYTES, LITTLE);
            sums += WorkerScratch.TILE_BYTES;
        }
    }

    @Override
    public void multiply(KernelOperands operands, int column) {
        long s0 = place(operands.strip(column, Byte.BYTES));
        long s1 = place(operands.strip(column + Lanes.COUNT, Byte.BYTES));
        long s2 = place(operands.strip(column + 2 * Lanes.COUNT, Byte.BYTES));
        long s3 = place(operands.strip(column + 3 * Lanes.COUNT, Byte.BYTES));
        long scales = place(operands.scales + (long) column * Float.BYTES);
        long totals = place(operands.totals + (long) column * Float.BYTES);
        long x0 = place(operands.x);
        int blocks = operands.inputs / QUANTS;
        int step = PanelTiles.FEW_REGISTERS ? operands.step : 1;
        FloatVector t0 = FloatVector.fromMemorySegment(FLOATS, ALL, totals, LITTLE);
        FloatVector t1 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + VECTOR_BYTES, LITTLE);
        FloatVector t2 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        FloatVector t3 = FloatVector.fromMemorySegment(FLOATS, ALL, totals + 3 * VECTOR_BYTES, LITTLE);
        for (int first = 0; first < blocks; first += CHAIN_BLOCKS) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            int end = Math.min(blocks, first + CHAIN_BLOCKS);
            for (int block = first; block < end; block++) {
                long scale = scales + block * ROW_BYTES;
                FloatVector scale0 = FloatVector.fromMemorySegment(FLOATS, ALL, scale, LITTLE);
                FloatVector scale1 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + VECTOR_BYTES, LITTLE);
                FloatVector scale2 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 2 * VECTOR_BYTES, LITTLE);
                FloatVector scale3 = FloatVector.fromMemorySegment(FLOATS, ALL, scale + 3 * VECTOR_BYTES, LITTLE);
                // Counted from zero, so that the compiler knows that no product of k overflows.
                long activations = x0 + (long) block * QUANTS * Float.BYTES;
                long rows = (long) block * QUANTS * STRIP_ROWS;
                for (int k = 0; k < QUANTS; k += step) {
                    FloatVector v = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, activations + (long) k * Float.BYTES));
                    long row = rows + (long) k * STRIP_ROWS;
                    a0 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s0 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale0)
                            .fma(v, a0);
                    a1 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s1 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale1)
                            .fma(v, a1);
                    a2 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s2 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale2)
                            .fma(v, a2);
                    a3 = ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, s3 + row, LITTLE)
                                    .convertShape(VectorOperators.B2F, FLOATS, 0))
                            .mul(scale3)
                            .fma(v, a3);
                }
            }
            t0 = t0.add(a0);
            t1 = t1.add(a1);
            t2 = t2.add(a2);
            t3 = t3.add(a3);
        }
        t0.intoMemorySegment(ALL, totals, LITTLE);
        t1.intoMemorySegment(ALL, totals + VECTOR_BYTES, LITTLE);
        t2.intoMemorySegment(ALL, totals + 2 * VECTOR_BYTES, LITTLE);
        t3.intoMemorySegment(ALL, totals + 3 * VECTOR_BYTES, LITTLE);
    }

    @Override
    public void widen(KernelOperands operands, int column) {
        long source = place(operands.strip(column, Byte.BYTES));
        long target = place(operands.widened(column));
        long scales = place(operands.scales + (long) column * Float.BYTES);
        int blocks = operands.inputs / QUANTS;
        for (int block = 0; block < blocks; block++) {
            FloatVector scale = FloatVector.fromMemorySegment(FLOATS, ALL, scales + block * ROW_BYTES, LITTLE);
            for (int k = block * QUANTS; k < (block + 1) * QUANTS; k++) {
                ((FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, source + (long) k * STRIP_ROWS, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0))
                        .mul(scale)
                        .intoMemorySegment(ALL, target + k * PANEL_STEP, LITTLE);
            }
        }
    }
}
