package io.tributary.bench.machine;

import io.tributary.kernels.WorkPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** Measures the limits of the machine on the threads of a pool. Holds 1 GiB of memory, far more than caches do. */
public final class LimitProbe {
    private static final int BYTES = 1 << 30;
    private static final int PART_BYTES = 1 << 22;

    private static final int ROUNDS = 10_000;
    private static final int REPETITIONS = 200;
    private static final float FACTOR = 0.5f;
    private static final int PASSES = 5;
    private static final int WARMUP_PASSES = 3;
    private static final double NANOS = 1e9;

    private final WorkPool pool;
    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, Long.SIZE);
    private final int[] sums = new int[BYTES / PART_BYTES];
    private final float[] results;

    /** Touches the memory and lets the loops be compiled. */
    public LimitProbe(WorkPool pool) {
        this.pool = pool;
        this.results = new float[pool.threads()];
        memory.fill((byte) 1);
        for (int pass = 0; pass < WARMUP_PASSES; pass++) {
            read();
            compute();
        }
    }

    /** The medians of a few passes. */
    public MachineLimits measure() {
        return new MachineLimits(median(this::read), median(this::compute));
    }

    private static double median(DoubleSupplier measurement) {
        double[] rates = new double[PASSES];
        Arrays.setAll(rates, pass -> measurement.getAsDouble());
        Arrays.sort(rates);
        return rates[PASSES / 2];
    }

    private double read() {
        long start = System.nanoTime();
        pool.forEach(sums.length, (part, worker) -> {
            sums[part] = VectorLoops.sum(memory, (long) part * PART_BYTES, PART_BYTES);
        });
        double seconds = (System.nanoTime() - start) / NANOS;
        return BYTES / seconds;
    }

    private double compute() {
        long start = System.nanoTime();
        pool.forEach(results.length, (part, worker) -> {
            // Short calls, so that each is the compiled loop and none the one that was replaced in the middle.
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                results[part] += VectorLoops.multiplyAdd(ROUNDS, FACTOR);
            }
        });
        double seconds = (System.nanoTime() - start) / NANOS;
        return VectorLoops.operations(ROUNDS) * REPETITIONS * results.length / seconds;
    }
}
