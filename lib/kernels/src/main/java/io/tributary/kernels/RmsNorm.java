package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Root-mean-square normalisation of rows (Zhang and Sennrich, 2019). */
public final class RmsNorm {
    private RmsNorm() {}

    /**
     * Writes {@code y[t][i] = (x[t][i] * s) * weight[i]} with {@code s = 1 / sqrt(mean of x[t]^2 + epsilon)}.
     *
     * @param x [rows, columns]
     * @param weight float32, {@code columns} values
     * @param epsilon added to the mean square, positive
     * @param y [rows, columns]; may be x
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void apply(FloatMatrix x, MemorySegment weight, float epsilon, FloatMatrix y) {
        y.requireShape("y", x.rows(), x.columns());
        if (weight.byteSize() < x.rowBytes()) {
            throw new IllegalArgumentException(
                    "a norm weight of " + weight.byteSize() + " bytes for rows of " + x.rowBytes() + " bytes");
        }
        for (int row = 0; row < x.rows(); row++) {
            long base = row * x.rowBytes();
            float meanSquare = sumOfSquares(x.data(), base, x.columns()) / x.columns();
            float scale = 1f / (float) Math.sqrt(meanSquare + epsilon);
            scaleRow(x.data(), base, scale, weight, y.data(), x.columns());
        }
    }

    private static float sumOfSquares(MemorySegment x, long base, int count) {
        MemorySegment scratch = RowScratch.ofThread();
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            laneSquares(x, base, count, lane, scratch);
        }
        return RowScratch.addLanes(scratch);
    }

    /** Sums the squares of the virtual lanes that start at {@code lane}; lanes beyond the end add nothing. */
    private static void laneSquares(MemorySegment x, long base, int count, int lane, MemorySegment scratch) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        int i = lane;
        for (; i <= count - Lanes.COUNT; i += Lanes.GROUP) {
            FloatVector value = Lanes.load(x, base + (long) i * Float.BYTES);
            sum = value.fma(value, sum);
        }
        if (i < count) {
            VectorMask<Float> present = Lanes.FLOATS.indexInRange(i, count);
            FloatVector value = FloatVector.fromMemorySegment(
                    Lanes.FLOATS, x, base + (long) i * Float.BYTES, Lanes.LITTLE, present);
            sum = value.fma(value, sum);
        }
        Lanes.store(sum, scratch, RowScratch.SUMS + (long) lane * Float.BYTES);
    }

    private static void scaleRow(
            MemorySegment x, long base, float scale, MemorySegment weight, MemorySegment y, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(x, base + offset).mul(scale).mul(Lanes.load(weight, offset));
            Lanes.store(scaled, y, base + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            y.set(FLOAT, base + offset, x.get(FLOAT, base + offset) * scale * weight.get(FLOAT, offset));
        }
    }
}
