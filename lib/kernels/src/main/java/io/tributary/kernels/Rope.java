package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rotary positions (Su et al., 2021): each pair (a, b) of a head becomes {@code (a * cos - b * sin, b * cos + a * sin)},
 * computed as {@code fma(a, cos, -(b * sin))} and {@code fma(b, cos, a * sin)}.
 */
public final class Rope {
    private static final ThreadLocal<Rows> ROWS = ThreadLocal.withInitial(Rows::new);

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
            FloatMatrix x,
            int heads,
            int headSize,
            FloatMatrix cosine,
            FloatMatrix sine,
            RopePairing pairing,
            WorkPool pool) {
        int pairs = cosine.columns();
        if (heads < 1 || headSize < 1 || 2L * pairs > headSize) {
            throw new IllegalArgumentException(heads + " heads of " + headSize + " elements with " + pairs
                    + " rotated pairs: a head must hold all its pairs");
        }
        x.requireShape("x", cosine.rows(), Math.multiplyExact(heads, headSize));
        sine.requireShape("sine", cosine.rows(), pairs);
        ROWS.get().rotate(x, heads, headSize, cosine, sine, pairing, pool);
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

    private static final class Rows extends RowParts {
        private static final int OPERATIONS = 4;

        private @Nullable FloatMatrix x;
        private @Nullable FloatMatrix cosine;
        private @Nullable FloatMatrix sine;
        private int heads;
        private int headSize;
        private RopePairing pairing = RopePairing.HALF_SPLIT;

        void rotate(
                FloatMatrix x,
                int heads,
                int headSize,
                FloatMatrix cosine,
                FloatMatrix sine,
                RopePairing pairing,
                WorkPool pool) {
            this.x = x;
            this.heads = heads;
            this.headSize = headSize;
            this.cosine = cosine;
            this.sine = sine;
            this.pairing = pairing;
            try {
                forEachRow(x.rows(), (long) x.columns() * OPERATIONS, pool);
            } finally {
                this.x = null;
                this.cosine = null;
                this.sine = null;
            }
        }

        @Override
        void compute(int row) {
            FloatMatrix rows = Objects.requireNonNull(x);
            FloatMatrix cosines = Objects.requireNonNull(cosine);
            MemorySegment sines = Objects.requireNonNull(sine).data();
            long angles = row * cosines.rowBytes();
            int pairs = cosines.columns();
            for (int head = 0; head < heads; head++) {
                long base = row * rows.rowBytes() + (long) head * headSize * Float.BYTES;
                switch (pairing) {
                    case HALF_SPLIT ->
                        RowKernels.CURRENT.rotateHalves(rows.data(), base, cosines.data(), sines, angles, pairs);
                    case INTERLEAVED -> rotateNeighbours(rows.data(), base, cosines.data(), sines, angles, pairs);
                }
            }
        }
    }
}
