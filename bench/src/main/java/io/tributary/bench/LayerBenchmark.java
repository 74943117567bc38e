package io.tributary.bench;

import io.tributary.kernels.Codebook;
import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.RmsNorm;
import io.tributary.kernels.Rope;
import io.tributary.kernels.RopePairing;
import io.tributary.kernels.Softmax;
import io.tributary.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a layer computes besides matrix products, for a prompt of 512 positions of 2048 elements; once by the vector kernels
 * and once by their scalar twins. All are checked against plain loops first.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class LayerBenchmark {
    private static final int ROWS = 512;
    private static final int LONG_CONTEXT = 4096;
    private static final int OUTPUTS = 1024;
    private static final int CODEWORDS = 512;
    private static final int CODEWORD = 64;

    /** Those of the pool. */
    @Param({"1", "2"})
    int threads;

    // JMH calls prepare before anything else.
    @SuppressWarnings("NullAway.Init")
    private LayerProblem prompt;

    @SuppressWarnings("NullAway.Init")
    private LayerProblem token;

    private MemorySegment stored = MemorySegment.NULL;

    @SuppressWarnings("NullAway.Init")
    private Codebook codebook;

    @SuppressWarnings("NullAway.Init")
    private FloatMatrix quantized;

    private final int[] nearest = new int[ROWS];
    private final float[] distances = new float[ROWS];

    /** Makes the numbers and checks every kernel once. */
    @Setup
    public void prepare() {
        prompt = new LayerProblem(ROWS, ROWS, threads);
        token = new LayerProblem(1, LONG_CONTEXT, threads);
        stored = prompt.arena.allocate(OUTPUTS * WeightType.Q8_0.rowBytes(LayerProblem.WIDTH));
        quantized = new FloatMatrix(prompt.x.data(), ROWS, CODEWORD);
        codebook = Codebook.pack(
                new FloatMatrix(prompt.x.data().asSlice((long) ROWS * CODEWORD * Float.BYTES), CODEWORDS, CODEWORD),
                prompt.arena);
        prompt.checkAttention();
        token.checkAttention();
        checkNorm();
        checkGate();
        checkRotation();
        checkSum();
        checkSearch();
    }

    /** Frees the memory and ends the threads. */
    @TearDown
    public void release() {
        prompt.close();
        token.close();
    }

    /** Causal attention of 512 positions, 32 heads of 64, 4 key/value heads. */
    @Benchmark
    public FloatMatrix attendPrompt() {
        prompt.attend();
        return prompt.y;
    }

    /** Attention of one position to 4096. */
    @Benchmark
    public FloatMatrix attendToken() {
        token.attend();
        return token.y;
    }

    /** RmsNorm. */
    @Benchmark
    public FloatMatrix normalize() {
        RmsNorm.apply(prompt.x, prompt.weight.data(), LayerProblem.EPSILON, prompt.y, prompt.pool);
        return prompt.y;
    }

    /** SwiGLU. */
    @Benchmark
    public FloatMatrix gate() {
        Elementwise.swiGlu(prompt.x, prompt.x, prompt.y, prompt.pool);
        return prompt.y;
    }

    /** Rotary positions; the rows are turned again and again. */
    @Benchmark
    public FloatMatrix rotate() {
        rotateRows();
        return prompt.y;
    }

    /** The log-sum-exp of 2048 logits. */
    @Benchmark
    public float sumExponentials() {
        return Softmax.logSumExp(prompt.x.data(), LayerProblem.WIDTH);
    }

    /** Packs Q8_0 weights, 1024 x 2048, into new memory. */
    @Benchmark
    public long pack() {
        try (Arena arena = Arena.ofShared()) {
            return PackedWeights.pack(WeightType.Q8_0, stored, OUTPUTS, LayerProblem.WIDTH, arena, prompt.pool)
                    .byteSize();
        }
    }

    /** The nearest of 512 codewords of 64 elements, for 512 vectors; the shape is that of VQ-VAE-2. */
    @Benchmark
    public int[] searchCodebook() {
        codebook.search(quantized, nearest, distances, prompt.pool);
        return nearest;
    }

    private void rotateRows() {
        Rope.rotate(
                prompt.y,
                LayerProblem.HEADS,
                LayerProblem.HEAD_SIZE,
                prompt.cosine,
                prompt.sine,
                RopePairing.HALF_SPLIT,
                prompt.pool);
    }

    private void checkNorm() {
        normalize();
        int row = ROWS - 1;
        double squares = 0;
        for (int i = 0; i < LayerProblem.WIDTH; i++) {
            squares += Math.pow(prompt.x.get(row, i), 2);
        }
        double scale = 1 / Math.sqrt(squares / LayerProblem.WIDTH + LayerProblem.EPSILON);
        for (int i = 0; i < LayerProblem.WIDTH; i++) {
            double expected = prompt.x.get(row, i) * scale * prompt.weight.get(0, i);
            LayerProblem.require("RmsNorm", expected, prompt.y.get(row, i));
        }
    }

    private void checkGate() {
        gate();
        for (int i = 0; i < LayerProblem.WIDTH; i++) {
            double x = prompt.x.get(1, i);
            LayerProblem.require("SwiGLU", x / (1 + Math.exp(-x)) * x, prompt.y.get(1, i));
        }
    }

    private void checkRotation() {
        MemorySegment.copy(
                prompt.x.data(), 0, prompt.y.data(), 0, prompt.x.data().byteSize());
        rotateRows();
        int half = LayerProblem.HEAD_SIZE / 2;
        for (int i = 0; i < half; i++) {
            double expected = (double) prompt.x.get(1, i) * prompt.cosine.get(1, i)
                    - (double) prompt.x.get(1, i + half) * prompt.sine.get(1, i);
            LayerProblem.require("RoPE", expected, prompt.y.get(1, i));
        }
    }

    private void checkSum() {
        double sum = 0;
        for (int i = 0; i < LayerProblem.WIDTH; i++) {
            sum += Math.exp(prompt.x.get(0, i));
        }
        LayerProblem.require("log-sum-exp", Math.log(sum), sumExponentials());
    }

    private void checkSearch() {
        searchCodebook();
        double least = Double.POSITIVE_INFINITY;
        for (int word = 0; word < CODEWORDS; word++) {
            double distance = 0;
            for (int i = 0; i < CODEWORD; i++) {
                float codeword = prompt.x
                        .data()
                        .getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) (ROWS + word) * CODEWORD + i);
                distance += Math.pow(codeword - quantized.get(1, i), 2);
            }
            least = Math.min(least, distance);
        }
        LayerProblem.require("nearest codeword", least, distances[1]);
    }
}
