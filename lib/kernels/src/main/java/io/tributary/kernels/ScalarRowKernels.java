package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;

/** Row kernels as plain loops, for a JVM that does not compile vectors. */
final class ScalarRowKernels implements RowKernels {
    @Override
    public void squares(MemorySegment x, long base, int count, MemorySegment scratch) {
        RowScratch.clearLanes(scratch);
        for (int i = 0; i < count; i++) {
            float value = get(x, base, i);
            long lane = i % VirtualLanes.COUNT;
            set(scratch, RowScratch.SUMS, lane, Math.fma(value, value, get(scratch, RowScratch.SUMS, lane)));
        }
    }

    @Override
    public void scale(MemorySegment x, long base, float scale, MemorySegment weight, MemorySegment y, int count) {
        for (int i = 0; i < count; i++) {
            set(y, base, i, get(x, base, i) * scale * get(weight, 0, i));
        }
    }

    @Override
    public void deviations(MemorySegment x, long base, float mean, int count, MemorySegment scratch) {
        RowScratch.clearLanes(scratch);
        for (int i = 0; i < count; i++) {
            long lane = i % VirtualLanes.COUNT;
            set(scratch, RowScratch.SUMS, lane, get(scratch, RowScratch.SUMS, lane) + (get(x, base, i) - mean));
        }
    }

    @Override
    public void squaresOfDeviations(MemorySegment x, long base, float mean, int count, MemorySegment scratch) {
        RowScratch.clearLanes(scratch);
        for (int i = 0; i < count; i++) {
            float deviation = get(x, base, i) - mean;
            long lane = i % VirtualLanes.COUNT;
            set(scratch, RowScratch.SUMS, lane, Math.fma(deviation, deviation, get(scratch, RowScratch.SUMS, lane)));
        }
    }

    @Override
    public void normalize(
            MemorySegment x,
            long base,
            float mean,
            float scale,
            MemorySegment weight,
            MemorySegment bias,
            MemorySegment y,
            int count) {
        for (int i = 0; i < count; i++) {
            set(y, base, i, Math.fma((get(x, base, i) - mean) * scale, get(weight, 0, i), get(bias, 0, i)));
        }
    }

    @Override
    public void add(MemorySegment target, long base, MemorySegment summand, long summandBase, int count) {
        for (int i = 0; i < count; i++) {
            set(target, base, i, get(target, base, i) + get(summand, summandBase, i));
        }
    }

    @Override
    public void gate(
            MemorySegment gate,
            MemorySegment up,
            MemorySegment target,
            long base,
            MemorySegment exponentials,
            long exponentialBase,
            int count) {
        for (int i = 0; i < count; i++) {
            float silu = get(gate, base, i) / (get(exponentials, exponentialBase, i) + 1f);
            set(target, base, i, silu * get(up, base, i));
        }
    }

    @Override
    public void sigmoidUnit(
            MemorySegment x, long base, MemorySegment exponentials, long exponentialBase, MemorySegment y, int count) {
        for (int i = 0; i < count; i++) {
            set(y, base, i, get(x, base, i) / (get(exponentials, exponentialBase, i) + 1f));
        }
    }

    @Override
    public void negativeHalfSquares(MemorySegment x, long base, MemorySegment target, long to, int count) {
        for (int i = 0; i < count; i++) {
            float value = get(x, base, i);
            set(target, to, i, value * value * -0.5f);
        }
    }

    @Override
    public void oddCubic(
            MemorySegment x, long base, float linear, float cubic, MemorySegment target, long to, int count) {
        for (int i = 0; i < count; i++) {
            float value = get(x, base, i);
            set(target, to, i, value * Math.fma(value * value, cubic, linear));
        }
    }

    @Override
    public void normalUnit(
            MemorySegment x, long base, MemorySegment exponentials, long exponentialBase, MemorySegment y, int count) {
        for (int i = 0; i < count; i++) {
            set(y, base, i, NormalDistribution.normalUnit(get(x, base, i), get(exponentials, exponentialBase, i)));
        }
    }

    @Override
    public void exponentiate(
            MemorySegment source, long from, float factor, float summand, MemorySegment target, long to, int count) {
        for (int i = 0; i < count; i++) {
            set(target, to, i, Exponential.exp(Math.fma(get(source, from, i), factor, summand)));
        }
    }

    @Override
    public float maximum(MemorySegment values, long base, int count) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            maximum = Math.max(maximum, get(values, base, i));
        }
        return maximum;
    }

    @Override
    public void addToLanes(MemorySegment values, long base, int count, MemorySegment scratch) {
        for (int i = 0; i < count; i++) {
            long lane = i % VirtualLanes.COUNT;
            set(scratch, RowScratch.SUMS, lane, get(scratch, RowScratch.SUMS, lane) + get(values, base, i));
        }
    }

    @Override
    public void rotateHalves(
            MemorySegment x, long base, MemorySegment cosine, MemorySegment sine, long angles, int pairs) {
        for (int i = 0; i < pairs; i++) {
            long first = base + (long) i * Float.BYTES;
            long second = first + (long) pairs * Float.BYTES;
            Rope.rotatePair(x, first, second, get(cosine, angles, i), get(sine, angles, i));
        }
    }

    private static float get(MemorySegment segment, long base, long index) {
        return segment.get(FLOAT, base + index * Float.BYTES);
    }

    private static void set(MemorySegment segment, long base, long index, float value) {
        segment.set(FLOAT, base + index * Float.BYTES, value);
    }
}
