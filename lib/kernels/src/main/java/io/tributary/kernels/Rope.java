package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Rotary positions (Su et al., 2021): each pair (a, b) of a head becomes {@code (a * cos - b * sin, b * cos + a * sin)},
 * computed as {@code fma(a, cos, -(b * sin))} and {@code fma(b, cos, a * sin)}.
 */
public final class Rope {
    private Rope() {}

    /**
     * Rotates every head of every row in place. The first {@code 2 * cosine.columns()} elements of a head are rotated,
     * the rest are left alone.
     *
     * @param x [rows, heads * headSize]
     * @param cosine [rows, rotary / 2], the cosine of each pair's angle at the row's position
     * @param sine [rows, rotary / 2]
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void rotate(
            FloatMatrix x, int heads, int headSize, FloatMatrix cosine, FloatMatrix sine, RopePairing pairing) {
        int pairs = cosine.columns();
        if (heads < 1 || headSize < 1 || 2L * pairs > headSize) {
            throw new IllegalArgumentException(heads + " heads of " + headSize + " elements with " + pairs
                    + " rotated pairs: a head must hold all its pairs");
        }
        x.requireShape("x", cosine.rows(), Math.multiplyExact(heads, headSize));
        sine.requireShape("sine", cosine.rows(), pairs);
        for (int row = 0; row < x.rows(); row++) {
            long angles = row * cosine.rowBytes();
            for (int head = 0; head < heads; head++) {
                long base = row * x.rowBytes() + (long) head * headSize * Float.BYTES;
                switch (pairing) {
                    case HALF_SPLIT ->
                        RowKernels.CURRENT.rotateHalves(x.data(), base, cosine.data(), sine.data(), angles, pairs);
                    case INTERLEAVED -> rotateNeighbours(x.data(), base, cosine.data(), sine.data(), angles, pairs);
                }
            }
        }
    }

    private static void rotateNeighbours(
            MemorySegment x, long base, MemorySegment cosine, MemorySegment sine, long angles, int pairs) {
        for (int i = 0; i < pairs; i++) {
            long angle = angles + (long) i * Float.BYTES;
            long first = base + 2L * i * Float.BYTES;
            rotatePair(x, first, first + Float.BYTES, cosine.get(FLOAT, angle), sine.get(FLOAT, angle));
        }
    }

    static void rotatePair(MemorySegment x, long first, long second, float cos, float sin) {
        float a = x.get(FLOAT, first);
        float b = x.get(FLOAT, second);
        x.set(FLOAT, first, Math.fma(a, cos, -(b * sin)));
        x.set(FLOAT, second, Math.fma(b, cos, a * sin));
    }
}
