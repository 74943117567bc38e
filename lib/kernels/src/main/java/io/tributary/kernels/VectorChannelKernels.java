package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Kernels of channels with a channel in each lane of a vector. */
final class VectorChannelKernels implements ChannelKernels {
    @Override
    public void addSquares(MemorySegment x, long base, MemorySegment scratch, long means, long sums, int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector difference = Lanes.load(x, base + offset).sub(Lanes.load(scratch, means + offset));
            Lanes.store(difference.fma(difference, Lanes.load(scratch, sums + offset)), scratch, sums + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float difference = x.get(FLOAT, base + offset) - scratch.get(FLOAT, means + offset);
            scratch.set(FLOAT, sums + offset, Math.fma(difference, difference, scratch.get(FLOAT, sums + offset)));
        }
    }

    @Override
    public void normalize(
            MemorySegment x,
            MemorySegment y,
            long base,
            MemorySegment scratch,
            long means,
            long scales,
            MemorySegment weight,
            MemorySegment bias,
            long channel,
            int count) {
        int whole = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(x, base + offset)
                    .sub(Lanes.load(scratch, means + offset))
                    .mul(Lanes.load(scratch, scales + offset));
            FloatVector result = scaled.fma(Lanes.load(weight, channel + offset), Lanes.load(bias, channel + offset));
            Lanes.store(result, y, base + offset);
        }
        for (int i = whole; i < count; i++) {
            long offset = (long) i * Float.BYTES;
            float scaled = (x.get(FLOAT, base + offset) - scratch.get(FLOAT, means + offset))
                    * scratch.get(FLOAT, scales + offset);
            y.set(
                    FLOAT,
                    base + offset,
                    Math.fma(scaled, weight.get(FLOAT, channel + offset), bias.get(FLOAT, channel + offset)));
        }
    }
}
