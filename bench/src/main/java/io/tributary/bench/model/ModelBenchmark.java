package io.tributary.bench.model;

import io.tributary.bench.machine.LimitProbe;
import io.tributary.bench.machine.MachineDescription;
import io.tributary.bench.machine.MachineLimits;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.packing.CacheWrite;
import io.tributary.models.packing.PackingCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Loads a model, warms up, and measures ours, the peer and the machine in turn, repetition by repetition. */
final class ModelBenchmark {
    private static final double NANOS = 1e9;
    private static final int WARMUP_STEPS = 8;
    /** A run that is not faster than the fastest one by more than a twentieth shows that the compiler is done. */
    private static final double SETTLED = 0.95;

    private static final Duration LONGEST_CACHE_WRITE = Duration.ofMinutes(10);
    private static final int MOST_WARMUPS = 20;

    private final Path model;
    private final Workload workload;
    private final int repetitions;
    private final Duration warmup;
    private final PackingCache cache;
    private final Consumer<String> progress;

    /**
     * @param warmup how long to run before measuring, at least; longer while runs still become faster
     * @param cache may have the weights packed
     * @param progress is told what happens, for a person who waits
     */
    ModelBenchmark(
            Path model,
            Workload workload,
            int repetitions,
            Duration warmup,
            PackingCache cache,
            Consumer<String> progress) {
        this.model = model;
        this.workload = workload;
        this.repetitions = repetitions;
        this.warmup = warmup;
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * Measures everything.
     *
     * @param peers starts the other engine, if there is one, after ours is loaded
     * @throws io.tributary.bench.BenchException when the workload does not fit or the peer fails
     * @throws io.tributary.checkpoints.CheckpointException when the model cannot be read
     * @throws io.tributary.models.architecture.ArchitectureException when the model cannot be computed
     */
    ModelFigures run(Optional<PeerFactory> peers) {
        progress.accept("loading " + model);
        try (WorkPool pool = new WorkPool(workload.threads())) {
            long start = System.nanoTime();
            try (Checkpoint checkpoint = Checkpoint.open(model)) {
                Architecture architecture = ArchitectureReader.read(checkpoint);
                try (TributaryEngine engine = TributaryEngine.load(checkpoint, architecture, pool, workload, cache)) {
                    engine.secondsOfPrompt(1);
                    ModelFigures.FirstToken firstToken = new ModelFigures.FirstToken(
                            (System.nanoTime() - start) / NANOS,
                            engine.packing().use());
                    finishCacheWrite(engine);
                    WeightTraffic traffic = WeightTraffic.of(checkpoint, architecture.tiedUnembedding());
                    Measured measured = measure(engine, peers, new LimitProbe(pool));
                    return new ModelFigures(
                            checkpoint.name(),
                            workload,
                            repetitions,
                            firstToken,
                            traffic,
                            measured.limits(),
                            measured.ours(),
                            measured.peer(),
                            MachineDescription.read());
                }
            }
        }
    }

    /** Nothing is measured while the cache is being written. */
    private void finishCacheWrite(TributaryEngine engine) {
        if (engine.packing().awaitWrite(Duration.ZERO) == CacheWrite.RUNNING) {
            progress.accept("writing the packing cache");
            CacheWrite written = engine.packing().awaitWrite(LONGEST_CACHE_WRITE);
            progress.accept("writing the packing cache: " + written.name().toLowerCase(Locale.ROOT));
        }
    }

    private record Measured(ModelFigures.Limits limits, EngineFigures ours, Optional<EngineFigures> peer) {}

    private Measured measure(TributaryEngine engine, Optional<PeerFactory> peers, LimitProbe probe) {
        warmUp(engine);
        if (peers.isEmpty()) {
            return alternate(engine, Optional.empty(), probe);
        }
        progress.accept("starting the peer");
        try (Engine peer = peers.get().start(model, workload)) {
            return alternate(engine, Optional.of(peer), probe);
        }
    }

    private Measured alternate(TributaryEngine engine, Optional<Engine> peer, LimitProbe probe) {
        List<MachineLimits> limits = new ArrayList<>();
        List<Round> ours = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            progress.accept("repetition " + repetition + " of " + repetitions);
            limits.add(probe.measure());
            ours.add(engine.measure(workload));
            peer.ifPresent(other -> theirs.add(other.measure(workload)));
        }
        return new Measured(
                new ModelFigures.Limits(
                        Rates.of(limits.stream().map(MachineLimits::readRate).toList()),
                        Rates.of(limits.stream()
                                .map(MachineLimits::arithmeticRate)
                                .toList())),
                EngineFigures.of(engine, ours),
                peer.map(other -> EngineFigures.of(other, theirs)));
    }

    /** Until it is compiled, a kernel is up to a hundred times slower; a batch of each size has kernels of its own. */
    private void warmUp(TributaryEngine engine) {
        progress.accept("warming up");
        long end = System.nanoTime() + warmup.toNanos();
        double fastest = Double.POSITIVE_INFINITY;
        for (int run = 0; run < MOST_WARMUPS; run++) {
            double seconds = warmUpOnce(engine);
            boolean settled = seconds > SETTLED * fastest;
            if (run > 0 && settled && System.nanoTime() - end > 0) {
                return;
            }
            fastest = Math.min(fastest, seconds);
        }
    }

    private double warmUpOnce(TributaryEngine engine) {
        double seconds = engine.secondsOfPrompt(workload.prompt())
                + engine.secondsOfGeneration(1, 0, Math.min(WARMUP_STEPS, workload.generate()));
        for (int sequences : workload.parallel()) {
            seconds += engine.secondsOfGeneration(sequences, Workload.PARALLEL_PROMPT, WARMUP_STEPS);
        }
        return seconds;
    }
}
