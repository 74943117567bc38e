package io.tributary.bench;

import io.tributary.bench.machine.VectorLoops;
import io.tributary.kernels.WeightType;
import io.tributary.kernels.WorkPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the machine does: reading memory, by a loop simple enough for the compiler to vectorise, and fused multiply-adds
 * on registers. And what a plain scalar product does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class MachineBenchmark {
    private static final int PART_BYTES = 1 << 24;
    private static final int ROUNDS = 10_000;
    private static final int REPETITIONS = 20;

    /** The threads and what they read and compute on. */
    @State(Scope.Benchmark)
    public static class Machine {
        @Param({"1", "2"})
        int threads;

        // JMH calls prepare before anything else.
        @SuppressWarnings("NullAway.Init")
        private WorkPool pool;

        private MemorySegment memory = MemorySegment.NULL;
        private int[] sums = {};
        private float[] results = {};
        private float factor = 0.5f;

        /** Touches the memory, so that every page is there. */
        @Setup
        public void prepare() {
            pool = new WorkPool(threads);
            memory = Arena.ofAuto().allocate(MatMulProblem.FOOTPRINT, Long.SIZE);
            memory.fill((byte) 1);
            sums = new int[Math.toIntExact(memory.byteSize() / PART_BYTES)];
            results = new float[threads];
        }

        /** Ends the threads. */
        @TearDown
        public void release() {
            pool.close();
        }
    }

    /** A product of one token and a float32 matrix for the scalar loop. */
    @State(Scope.Benchmark)
    public static class Scalar {
        private float[][] weights = {};
        private float[] x = {};
        private final float[] y = new float[MatMulProblem.SIZE];

        /** Copies the same numbers that the kernel is given. */
        @Setup
        public void prepare() {
            try (MatMulProblem problem = new MatMulProblem(WeightType.F32, 1, 1)) {
                weights = problem.weights();
                x = problem.activations(0);
            }
        }
    }

    /** Floating-point operations of one {@link #multiplyAdd}, a multiply-add counted as two. */
    static double operations(int threads) {
        return VectorLoops.operations(ROUNDS) * REPETITIONS * threads;
    }

    /** Reads 256 MiB once. */
    @Benchmark
    public int[] read(Machine machine) {
        machine.pool.forEach(machine.sums.length, (part, worker) -> {
            machine.sums[part] = VectorLoops.sum(machine.memory, (long) part * PART_BYTES, PART_BYTES);
        });
        return machine.sums;
    }

    /** Fused multiply-adds on registers, on each thread. */
    @Benchmark
    public float[] multiplyAdd(Machine machine) {
        machine.pool.forEach(machine.threads, (part, worker) -> {
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                machine.results[part] += VectorLoops.multiplyAdd(ROUNDS, machine.factor);
            }
        });
        return machine.results;
    }

    /** One token times the transpose of a float32 [2048, 2048], on one thread. */
    @Benchmark
    public float[] scalar(Scalar product) {
        for (int output = 0; output < MatMulProblem.SIZE; output++) {
            product.y[output] = MatMulProblem.dot(product.weights[output], product.x);
        }
        return product.y;
    }
}
