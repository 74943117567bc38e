package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;

/** Kernels of channels as plain loops, for a JVM that does not compile vectors. */
final class ScalarChannelKernels implements ChannelKernels {
    @Override
    public void addSquares(MemorySegment x, long base, MemorySegment scratch, long means, long sums, int count) {
        for (int i = 0; i < count; i++) {
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
        for (int i = 0; i < count; i++) {
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
