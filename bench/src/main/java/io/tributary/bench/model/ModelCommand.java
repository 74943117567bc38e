package io.tributary.bench.model;

import io.tributary.bench.WrongUsageException;
import io.tributary.models.packing.PackingCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `tributary bench model`: speed of a whole model, beside the limits of the machine and llama.cpp. */
@Command(
        name = "model",
        description =
                "Measures prompts, decoding and batched decoding of a model, beside memory bandwidth and arithmetic"
                        + " peak, and llama.cpp in turn with ours if wanted.")
public final class ModelCommand implements Callable<Integer> {
    private static final Duration WARMUP = Duration.ofSeconds(10);
    private static final long MOST_CACHE_BYTES = 64L << 30;
    private static final int MOST_REPETITIONS = 1000;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A GGUF file, or a Hugging Face directory if there is no peer.")
    Path model = Path.of("");

    @Option(names = "--prompt", defaultValue = "512", description = "Tokens of the prompt. Default: ${DEFAULT-VALUE}.")
    int prompt;

    @Option(
            names = "--generate",
            defaultValue = "128",
            description = "Tokens that one sequence generates. Default: ${DEFAULT-VALUE}.")
    int generate;

    @Option(names = "--threads", description = "Threads of both engines. Default: one per processor.")
    @Nullable
    Integer threads;

    @Option(
            names = "--parallel",
            split = ",",
            defaultValue = "1,4,8,16",
            description = "Numbers of sequences that generate " + Workload.PARALLEL_GENERATE
                    + " tokens each together. Default: ${DEFAULT-VALUE}.")
    List<Integer> parallel = List.of();

    @Option(names = "--repetitions", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    int repetitions;

    @Option(names = "--peer", description = "Compare with llama.cpp of the library de.kherud:llama.")
    boolean peer;

    @Option(
            names = "--peer-binary",
            paramLabel = "DIR",
            description = "Compare with the programs llama-bench and llama-batched-bench in this directory instead.")
    @Nullable
    Path peerBinary;

    @Option(
            names = "--packing-cache",
            paramLabel = "DIR",
            description =
                    "Map packed weights from this directory, or write them there if they are missing. Default: none.")
    @Nullable
    Path packingCache;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    CommandSpec specification;

    @Override
    public Integer call() {
        if (repetitions < 1 || repetitions > MOST_REPETITIONS) {
            throw new WrongUsageException("--repetitions", repetitions, "allowed are 1 to " + MOST_REPETITIONS);
        }
        int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Workload workload = new Workload(prompt, generate, parallel, used);
        ModelFigures figures =
                new ModelBenchmark(model, workload, repetitions, WARMUP, cache(), this::progress).run(peers());
        specification
                .commandLine()
                .getOut()
                .println(json ? JsonReport.of(figures).toString() : TableReport.of(figures));
        specification.commandLine().getOut().flush();
        return 0;
    }

    private PackingCache cache() {
        Path directory = packingCache;
        return directory == null
                ? PackingCache.off()
                : PackingCache.in(directory, MOST_CACHE_BYTES, PackingCache.LEAST_BYTES);
    }

    private Optional<PeerFactory> peers() {
        if ((peer || peerBinary != null) && Files.isDirectory(model)) {
            throw new WrongUsageException("--model", model, "llama.cpp, the peer, reads GGUF files only");
        }
        Path place = peerBinary;
        if (place != null) {
            return Optional.of((file, workload) -> ToolPeer.start(place, file, workload));
        }
        return peer ? Optional.of(LibraryPeer::start) : Optional.empty();
    }

    private void progress(String what) {
        specification.commandLine().getErr().println(what + " ...");
        specification.commandLine().getErr().flush();
    }
}
