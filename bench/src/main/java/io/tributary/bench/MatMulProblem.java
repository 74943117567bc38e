package io.tributary.bench;

import io.tributary.bench.synthetic.RandomBlocks;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.MatMul;
import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WeightRows;
import io.tributary.kernels.WeightType;
import io.tributary.kernels.WorkPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** A seeded product of activations with a square weight matrix, by the kernel and by a plain scalar loop. */
final class MatMulProblem implements AutoCloseable {
    /** Rows and columns of the matrix. */
    static final int SIZE = 2048;

    /** Bytes of memory that consecutive one-token products walk through: more than most caches hold. */
    static final long FOOTPRINT = 256L << 20;

    /** Far above the rounding of sums of so many products, far below what a wrong weight would change. */
    private static final double TOLERANCE = 1e-5;

    private static final int CHECKED_TOKENS = 9;
    private static final long SEED = 20_250_923;
    /** Of the weights of ordinary models. */
    private static final double DEVIATION = 0.02;

    private final Arena arena = Arena.ofShared();
    private final WorkPool pool;
    private final WeightType type;
    private final MemorySegment stored;
    private final PackedWeights[] matrices;
    private final FloatMatrix x;
    private final FloatMatrix y;
    private int next;

    /**
     * Packs the matrix: once for several tokens; for one token as often as fills {@link #FOOTPRINT}, because decoding
     * walks through all the weights of a model before it meets the same matrix again.
     */
    MatMulProblem(WeightType type, int tokens, int threads) {
        this.type = type;
        pool = new WorkPool(threads);
        SplittableRandom random = new SplittableRandom(SEED);
        stored = arena.allocate(bytes(type), FloatMatrix.ALIGNMENT);
        RandomBlocks.of(type).fill(stored, random, DEVIATION);
        matrices = new PackedWeights[tokens == 1 ? (int) Math.ceilDiv(FOOTPRINT, bytes(type)) : 1];
        for (int i = 0; i < matrices.length; i++) {
            matrices[i] = PackedWeights.pack(type, stored, SIZE, SIZE, arena, pool);
        }
        x = FloatMatrix.allocate(arena, tokens, SIZE);
        for (int i = 0; i < tokens * SIZE; i++) {
            x.set(i / SIZE, i % SIZE, random.nextFloat() - 0.5f);
        }
        y = FloatMatrix.allocate(arena, tokens, SIZE);
    }

    /** Bytes of the matrix as a file holds it. */
    static long bytes(WeightType type) {
        return SIZE * type.rowBytes(SIZE);
    }

    /** Floating-point operations of one product, a multiply-add counted as two. */
    static double operations(int tokens) {
        return 2.0 * SIZE * SIZE * tokens;
    }

    /** Computes the product with the kernel; each call takes the next of the equal matrices. */
    FloatMatrix multiply() {
        MatMul.multiply(x, matrices[next], y, pool);
        next = (next + 1) % matrices.length;
        return y;
    }

    /**
     * Compares every output of the kernel for some tokens, the first and the last among them, with the scalar loop.
     *
     * @throws IllegalStateException when one differs by more than the rounding of its sum
     */
    void check() {
        float[][] weights = weights();
        FloatMatrix result = multiply();
        int step = Math.max(1, (x.rows() - 1) / (CHECKED_TOKENS - 1));
        for (int token = 0; token < x.rows(); token += step) {
            checkToken(weights, result, token);
        }
        checkToken(weights, result, x.rows() - 1);
    }

    /** The matrix as [outputs][inputs] floats. */
    float[][] weights() {
        float[][] weights = new float[SIZE][];
        MemorySegment row = arena.allocate((long) SIZE * Float.BYTES, FloatMatrix.ALIGNMENT);
        for (int output = 0; output < SIZE; output++) {
            WeightRows.dequantize(type, stored, output, SIZE, row);
            weights[output] = row.toArray(ValueLayout.JAVA_FLOAT);
        }
        return weights;
    }

    /** The activations of one token. */
    float[] activations(int token) {
        return x.row(token).toArray(ValueLayout.JAVA_FLOAT);
    }

    /** One output by a plain scalar loop. */
    static float dot(float[] weights, float[] x) {
        float sum = 0f;
        for (int k = 0; k < x.length; k++) {
            sum = Math.fma(weights[k], x[k], sum);
        }
        return sum;
    }

    @Override
    public void close() {
        pool.close();
        arena.close();
    }

    private void checkToken(float[][] weights, FloatMatrix result, int token) {
        float[] activations = activations(token);
        for (int output = 0; output < SIZE; output++) {
            float expected = dot(weights[output], activations);
            float actual = result.get(token, output);
            // Written so that a NaN fails too.
            if (!(Math.abs(expected - actual) <= TOLERANCE * magnitude(weights[output], activations))) {
                throw new IllegalStateException("the kernel for " + type + " with " + pool.threads() + " threads gives "
                        + actual + " for token " + token + ", output " + output + "; the scalar loop gives "
                        + expected);
            }
        }
    }

    private static double magnitude(float[] weights, float[] x) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += Math.abs((double) weights[k] * x[k]);
        }
        return sum;
    }
}
