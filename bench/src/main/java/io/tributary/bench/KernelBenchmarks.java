package io.tributary.bench;

import io.tributary.kernels.WeightType;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all benchmarks with short settings and prints each kernel beside the limits measured in the same run. */
public final class KernelBenchmarks {
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);
    /** Until the compiler is done, a kernel is up to a hundred times slower. */
    private static final TimeValue WARMUP = TimeValue.seconds(1);

    private static final int WARMUPS = 3;
    private static final int MEASUREMENTS = 5;
    private static final double MICROSECONDS = 1e6;
    private static final double GIGA = 1e9;

    private static final List<String> LAYER_KERNELS = List.of(
            "attendPrompt", "attendToken", "normalize", "rotate", "gate", "sumExponentials", "pack", "searchCodebook");

    private final Collection<RunResult> results;

    private KernelBenchmarks(Collection<RunResult> results) {
        this.results = results;
    }

    /**
     * Takes no arguments; for other settings start {@code org.openjdk.jmh.Main} with those of JMH.
     *
     * @throws RunnerException when a benchmark fails, and so when a kernel differs from the scalar loop
     */
    public static void main(String[] arguments) throws RunnerException {
        if (arguments.length > 0) {
            throw new IllegalArgumentException("KernelBenchmarks takes no arguments but was given "
                    + String.join(" ", arguments) + "; for other settings start org.openjdk.jmh.Main with them");
        }
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io\\.tributary\\.bench\\.")
                        .warmupIterations(WARMUPS)
                        .warmupTime(WARMUP)
                        .measurementIterations(MEASUREMENTS)
                        .measurementTime(ITERATION)
                        .shouldFailOnError(true)
                        .build())
                .run();
        System.out.print(new KernelBenchmarks(results).table());
    }

    private String table() {
        double scalar = MatMulProblem.operations(1) / seconds(find("scalar", "")) / GIGA;
        StringBuilder table = new StringBuilder("\n");
        for (String threads : new String[] {"1", "2"}) {
            table.append(String.format(
                    Locale.ROOT,
                    "threads %s: memory read %.1f GB/s, multiply-add %.1f GFLOP/s; scalar, 1 thread: %.1f GFLOP/s%n",
                    threads,
                    readRate(threads),
                    multiplyAddRate(threads),
                    scalar));
            table.append(String.format(
                    Locale.ROOT,
                    "%-5s %6s %12s %9s %8s %9s %10s %9s%n",
                    "type",
                    "tokens",
                    "us/call",
                    "+-",
                    "GB/s",
                    "of memory",
                    "GFLOP/s",
                    "of FMA"));
            for (WeightType type : WeightType.values()) {
                table.append(row(type, 1, threads)).append(row(type, 512, threads));
            }
            table.append('\n');
        }
        return table.append(layerTable()).toString();
    }

    private String layerTable() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT, "%-16s %7s %12s %14s %9s%n", "layer", "threads", "us/call", "scalar us/call", "speed-up"));
        for (String kernel : LAYER_KERNELS) {
            for (String threads : new String[] {"1", "2"}) {
                double vector = layer(VectorLayerBenchmark.class, kernel, threads);
                double scalar = layer(ScalarLayerBenchmark.class, kernel, threads);
                table.append(String.format(
                        Locale.ROOT,
                        "%-16s %7s %12.1f %14.1f %9.1f%n",
                        kernel,
                        threads,
                        vector,
                        scalar,
                        scalar / vector));
            }
        }
        return table.toString();
    }

    private double layer(Class<? extends LayerBenchmark> benchmark, String kernel, String threads) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().equals(benchmark.getName() + "." + kernel)
                        && threads.equals(result.getParams().getParam("threads")))
                .findFirst()
                .orElseThrow()
                .getPrimaryResult()
                .getScore();
    }

    private String row(WeightType type, int tokens, String threads) {
        RunResult result = results.stream()
                .filter(candidate -> type.name().equals(candidate.getParams().getParam("type"))
                        && Integer.toString(tokens).equals(candidate.getParams().getParam("tokens"))
                        && threads.equals(candidate.getParams().getParam("threads")))
                .findFirst()
                .orElseThrow();
        double bytes = MatMulProblem.bytes(type) / seconds(result) / GIGA;
        double operations = MatMulProblem.operations(tokens) / seconds(result) / GIGA;
        return String.format(
                Locale.ROOT,
                "%-5s %6d %12.1f %9.1f %8.2f %8.0f%% %10.1f %8.0f%%%n",
                type,
                tokens,
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreError(),
                bytes,
                100 * bytes / readRate(threads),
                operations,
                100 * operations / multiplyAddRate(threads));
    }

    private double readRate(String threads) {
        return MatMulProblem.FOOTPRINT / seconds(find("read", threads)) / GIGA;
    }

    private double multiplyAddRate(String threads) {
        return MachineBenchmark.operations(Integer.parseInt(threads)) / seconds(find("multiplyAdd", threads)) / GIGA;
    }

    private RunResult find(String benchmark, String threads) {
        return results.stream()
                .filter(result -> result.getPrimaryResult().getLabel().equals(benchmark))
                .filter(result ->
                        threads.isEmpty() || threads.equals(result.getParams().getParam("threads")))
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(RunResult result) {
        return result.getPrimaryResult().getScore() / MICROSECONDS;
    }
}
