package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Row kernels of vectors. Each is one body on purpose: a vector that crosses a call is boxed wherever the compiler does not
 * inline the call.
 */
final class VectorRowKernels implements RowKernels {
    @Override
    public void squares(MemorySegment x, long base, int count, MemorySegment scratch) {
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += Lanes.COUNT) {
            laneSquares(x, base, count, lane, scratch);
        }
    }

    @Override
    public void scale(MemorySegment x, long base, float scale, MemorySegment weight, MemorySegment y, int count) {
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

    @Override
    public void deviations(MemorySegment x, long base, float mean, int count, MemorySegment scratch) {
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += Lanes.COUNT) {
            laneDeviations(x, base, mean, count, lane, scratch);
        }
    }

    @Override
    public void squaresOfDeviations(MemorySegment x, long base, float mean, int count, MemorySegment scratch) {
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += Lanes.COUNT) {
            laneSquaresOfDeviations(x, base, mean, count, lane, scratch);
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
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(x, base + offset).sub(mean).mul(scale);
            Lanes.store(scaled.fma(Lanes.load(weight, offset), Lanes.load(bias, offset)), y, base + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float scaled = (x.get(FLOAT, base + offset) - mean) * scale;
            y.set(FLOAT, base + offset, Math.fma(scaled, weight.get(FLOAT, offset), bias.get(FLOAT, offset)));
        }
    }

    @Override
    public void add(MemorySegment target, long base, MemorySegment summand, long summandBase, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector sum = Lanes.load(target, base + offset).add(Lanes.load(summand, summandBase + offset));
            Lanes.store(sum, target, base + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            target.set(
                    FLOAT, base + offset, target.get(FLOAT, base + offset) + summand.get(FLOAT, summandBase + offset));
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
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = base + (long) i * Float.BYTES;
            FloatVector exponential = Lanes.load(exponentials, exponentialBase + (long) i * Float.BYTES);
            FloatVector silu = Lanes.load(gate, offset).div(exponential.add(1f));
            Lanes.store(silu.mul(Lanes.load(up, offset)), target, offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = base + (long) i * Float.BYTES;
            float exponential = exponentials.get(FLOAT, exponentialBase + (long) i * Float.BYTES);
            target.set(FLOAT, offset, gate.get(FLOAT, offset) / (exponential + 1f) * up.get(FLOAT, offset));
        }
    }

    @Override
    public void sigmoidUnit(
            MemorySegment x, long base, MemorySegment exponentials, long exponentialBase, MemorySegment y, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector exponential = Lanes.load(exponentials, exponentialBase + offset);
            Lanes.store(Lanes.load(x, base + offset).div(exponential.add(1f)), y, base + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float exponential = exponentials.get(FLOAT, exponentialBase + offset);
            y.set(FLOAT, base + offset, x.get(FLOAT, base + offset) / (exponential + 1f));
        }
    }

    @Override
    public void negativeHalfSquares(MemorySegment x, long base, MemorySegment target, long to, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector value = Lanes.load(x, base + offset);
            Lanes.store(value.mul(value).mul(-0.5f), target, to + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float value = x.get(FLOAT, base + offset);
            target.set(FLOAT, to + offset, value * value * -0.5f);
        }
    }

    @Override
    public void oddCubic(
            MemorySegment x, long base, float linear, float cubic, MemorySegment target, long to, int count) {
        FloatVector linears = FloatVector.broadcast(Lanes.FLOATS, linear);
        FloatVector cubics = FloatVector.broadcast(Lanes.FLOATS, cubic);
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector value = Lanes.load(x, base + offset);
            Lanes.store(value.mul(value.mul(value).fma(cubics, linears)), target, to + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float value = x.get(FLOAT, base + offset);
            target.set(FLOAT, to + offset, value * Math.fma(value * value, cubic, linear));
        }
    }

    @Override
    public void normalUnit(
            MemorySegment x, long base, MemorySegment exponentials, long exponentialBase, MemorySegment y, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, x, base + offset, Lanes.LITTLE);
            FloatVector magnitude = value.abs();
            FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1f);
            FloatVector t = one.div(magnitude.fma(FloatVector.broadcast(Lanes.FLOATS, NormalDistribution.P), one));
            FloatVector p = t.fma(
                    FloatVector.broadcast(Lanes.FLOATS, NormalDistribution.H5),
                    FloatVector.broadcast(Lanes.FLOATS, NormalDistribution.H4));
            p = p.fma(t, FloatVector.broadcast(Lanes.FLOATS, NormalDistribution.H3));
            p = p.fma(t, FloatVector.broadcast(Lanes.FLOATS, NormalDistribution.H2));
            p = p.fma(t, FloatVector.broadcast(Lanes.FLOATS, NormalDistribution.H1));
            FloatVector tail = p.mul(t)
                    .mul(FloatVector.fromMemorySegment(
                            Lanes.FLOATS, exponentials, exponentialBase + offset, Lanes.LITTLE));
            value.blend(0f, value.lt(0f)).sub(magnitude.mul(tail)).intoMemorySegment(y, base + offset, Lanes.LITTLE);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float exponential = exponentials.get(FLOAT, exponentialBase + offset);
            y.set(FLOAT, base + offset, NormalDistribution.normalUnit(x.get(FLOAT, base + offset), exponential));
        }
    }

    @Override
    public void exponentiate(
            MemorySegment source, long from, float factor, float summand, MemorySegment target, long to, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector x = FloatVector.fromMemorySegment(Lanes.FLOATS, source, from + offset, Lanes.LITTLE)
                    .fma(FloatVector.broadcast(Lanes.FLOATS, factor), FloatVector.broadcast(Lanes.FLOATS, summand));
            FloatVector bounded = x.blend(Exponential.LOWEST, x.lt(Exponential.LOWEST));
            bounded = bounded.blend(Exponential.HIGHEST, bounded.compare(VectorOperators.GT, Exponential.HIGHEST));
            FloatVector shifted = bounded.fma(
                    FloatVector.broadcast(Lanes.FLOATS, Exponential.LOG2_E),
                    FloatVector.broadcast(Lanes.FLOATS, Exponential.ROUNDER));
            FloatVector n = shifted.sub(Exponential.ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(Lanes.FLOATS, -Exponential.LN2_HIGH), bounded);
            r = n.fma(FloatVector.broadcast(Lanes.FLOATS, -Exponential.LN2_LOW), r);
            FloatVector p = r.fma(
                    FloatVector.broadcast(Lanes.FLOATS, Exponential.C6),
                    FloatVector.broadcast(Lanes.FLOATS, Exponential.C5));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, Exponential.C4));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, Exponential.C3));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, Exponential.C2));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 1f));
            p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 1f));
            IntVector exponent = shifted.reinterpretAsInts().sub(Exponential.ROUNDER_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            p.mul(half.add(Exponential.EXPONENT_BIAS)
                            .lanewise(VectorOperators.LSHL, Exponential.MANTISSA_BITS)
                            .reinterpretAsFloats())
                    .mul(rest.add(Exponential.EXPONENT_BIAS)
                            .lanewise(VectorOperators.LSHL, Exponential.MANTISSA_BITS)
                            .reinterpretAsFloats())
                    .intoMemorySegment(target, to + offset, Lanes.LITTLE);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            target.set(
                    FLOAT, to + offset, Exponential.exp(Math.fma(source.get(FLOAT, from + offset), factor, summand)));
        }
    }

    @Override
    public float maximum(MemorySegment values, long base, int count) {
        FloatVector maxima = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            maxima = maxima.max(Lanes.load(values, base + (long) i * Float.BYTES));
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (int i = whole; i < count; i++) {
            maximum = Math.max(maximum, values.get(FLOAT, base + (long) i * Float.BYTES));
        }
        return maximum;
    }

    @Override
    public void addToLanes(MemorySegment values, long base, int count, MemorySegment scratch) {
        int whole = count / VirtualLanes.COUNT * VirtualLanes.COUNT;
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += Lanes.COUNT) {
            long place = RowScratch.SUMS + (long) lane * Float.BYTES;
            FloatVector sum = Lanes.load(scratch, place);
            for (int i = lane; i < whole; i += VirtualLanes.COUNT) {
                sum = sum.add(Lanes.load(values, base + (long) i * Float.BYTES));
            }
            Lanes.store(sum, scratch, place);
        }
        for (int i = whole; i < count; i++) {
            long place = RowScratch.SUMS + (long) (i - whole) * Float.BYTES;
            scratch.set(FLOAT, place, scratch.get(FLOAT, place) + values.get(FLOAT, base + (long) i * Float.BYTES));
        }
    }

    @Override
    public void rotateHalves(
            MemorySegment x, long base, MemorySegment cosine, MemorySegment sine, long angles, int pairs) {
        long second = base + (long) pairs * Float.BYTES;
        int whole = Lanes.FLOATS.loopBound(pairs);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector cos = Lanes.load(cosine, angles + offset);
            FloatVector sin = Lanes.load(sine, angles + offset);
            FloatVector a = Lanes.load(x, base + offset);
            FloatVector b = Lanes.load(x, second + offset);
            Lanes.store(a.fma(cos, b.mul(sin).neg()), x, base + offset);
            Lanes.store(b.fma(cos, a.mul(sin)), x, second + offset);
        }
        for (int i = whole; i < pairs; i++) {
            long offset = (long) i * Float.BYTES;
            Rope.rotatePair(
                    x,
                    base + offset,
                    second + offset,
                    cosine.get(FLOAT, angles + offset),
                    sine.get(FLOAT, angles + offset));
        }
    }

    /** Sums the squares of the virtual lanes that start at {@code lane}; lanes beyond the end add nothing. */
    private static void laneSquares(MemorySegment x, long base, int count, int lane, MemorySegment scratch) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        int i = lane;
        for (; i <= count - Lanes.COUNT; i += VirtualLanes.COUNT) {
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

    /** Sums the differences from the mean; a part of a vector at the end leaves the lanes that it has not as they are. */
    private static void laneDeviations(
            MemorySegment x, long base, float mean, int count, int lane, MemorySegment scratch) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        int i = lane;
        for (; i <= count - Lanes.COUNT; i += VirtualLanes.COUNT) {
            sum = sum.add(Lanes.load(x, base + (long) i * Float.BYTES).sub(mean));
        }
        if (i < count) {
            VectorMask<Float> present = Lanes.FLOATS.indexInRange(i, count);
            FloatVector deviation = FloatVector.fromMemorySegment(
                            Lanes.FLOATS, x, base + (long) i * Float.BYTES, Lanes.LITTLE, present)
                    .sub(mean);
            sum = sum.blend(sum.add(deviation), present);
        }
        Lanes.store(sum, scratch, RowScratch.SUMS + (long) lane * Float.BYTES);
    }

    /** As {@link #laneSquares} of the differences from the mean. */
    private static void laneSquaresOfDeviations(
            MemorySegment x, long base, float mean, int count, int lane, MemorySegment scratch) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        int i = lane;
        for (; i <= count - Lanes.COUNT; i += VirtualLanes.COUNT) {
            FloatVector deviation = Lanes.load(x, base + (long) i * Float.BYTES).sub(mean);
            sum = deviation.fma(deviation, sum);
        }
        if (i < count) {
            VectorMask<Float> present = Lanes.FLOATS.indexInRange(i, count);
            FloatVector deviation = FloatVector.fromMemorySegment(
                            Lanes.FLOATS, x, base + (long) i * Float.BYTES, Lanes.LITTLE, present)
                    .sub(mean);
            sum = sum.blend(deviation.fma(deviation, sum), present);
        }
        Lanes.store(sum, scratch, RowScratch.SUMS + (long) lane * Float.BYTES);
    }
}
