package io.tributary.kernels;

import static io.tributary.kernels.BlockScales.QUANTS;
import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.NativeMemory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sums of each 32 activations of each token, [tokens][inputs / 32]; what minimums are multiplied with. A sum is a
 * halving tree: the upper half of the values is added to the lower until one is left.
 */
final class ActivationSums implements WorkPool.Part {
    private MemorySegment data = MemorySegment.NULL;
    private @Nullable FloatMatrix source;

    /** Computes the sums of all rows; the memory grows to the largest that there was. */
    void compute(FloatMatrix x, WorkPool pool) {
        long bytes = x.rows() * stride(x);
        if (bytes > data.byteSize()) {
            data = Arena.ofAuto().allocate(bytes, FloatMatrix.ALIGNMENT);
        }
        source = x;
        try {
            pool.forEach(x.rows(), (long) x.rows() * x.columns(), this);
        } finally {
            source = null;
        }
    }

    /** Bytes from a token's sums to the next token's. */
    static long stride(FloatMatrix x) {
        return (long) (x.columns() / QUANTS) * Float.BYTES;
    }

    /** The address of a token's sums from an input on. */
    long address(FloatMatrix x, int token, int firstInput) {
        long offset = (long) (firstInput / QUANTS) * Float.BYTES;
        return NativeMemory.address(data, token * stride(x) + offset, stride(x) - offset);
    }

    @Override
    public void run(int token, int worker) {
        FloatMatrix x = Objects.requireNonNull(source);
        long row = NativeMemory.address(x.data(), token * x.rowBytes(), (long) x.columns() * Float.BYTES);
        long target = address(x, token, 0);
        for (int block = 0; block < x.columns() / QUANTS; block++) {
            ALL.set(FLOAT, target + (long) block * Float.BYTES, sum(row + (long) block * QUANTS * Float.BYTES));
        }
    }

    private static float sum(long x) {
        return four(x, 0) + four(x, 1);
    }

    private static float four(long x, int i) {
        return eight(x, i) + eight(x, i + 2);
    }

    private static float eight(long x, int i) {
        return sixteen(x, i) + sixteen(x, i + 4);
    }

    private static float sixteen(long x, int i) {
        return pair(x, i) + pair(x, i + 8);
    }

    private static float pair(long x, int i) {
        return ALL.get(FLOAT, x + (long) i * Float.BYTES) + ALL.get(FLOAT, x + (i + 16L) * Float.BYTES);
    }
}
