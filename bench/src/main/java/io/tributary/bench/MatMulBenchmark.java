package io.tributary.bench;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WeightType;
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

/** The matrix product of the kernels: one token, as in decoding, and 512, as for a prompt. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class MatMulBenchmark {
    /** Stands for all weight types. */
    @Param
    WeightType type = WeightType.F32;

    @Param({"1", "512"})
    int tokens;

    @Param({"1", "2"})
    int threads;

    // JMH calls prepare before anything else.
    @SuppressWarnings("NullAway.Init")
    private MatMulProblem problem;

    /** Packs the weights and checks the kernel once against the scalar loop. */
    @Setup
    public void prepare() {
        problem = new MatMulProblem(type, tokens, threads);
        problem.check();
    }

    /** Frees the memory and ends the threads. */
    @TearDown
    public void release() {
        problem.close();
    }

    /** [tokens, 2048] times the transpose of [2048, 2048]. */
    @Benchmark
    public FloatMatrix kernel() {
        return problem.multiply();
    }
}
