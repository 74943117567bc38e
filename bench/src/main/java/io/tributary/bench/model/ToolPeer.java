package io.tributary.bench.model;

import io.tributary.bench.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** llama.cpp as its own programs llama-bench and llama-batched-bench; each repetition starts them anew. */
final class ToolPeer implements Engine {
    private static final String BENCH = "llama-bench";
    private static final String BATCHED_BENCH = "llama-batched-bench";

    private final Path bench;
    private final Path batchedBench;
    private final Path model;
    private String version = "unknown";

    private ToolPeer(Path directory, Path model) {
        this.bench = directory.resolve(BENCH);
        this.batchedBench = directory.resolve(BATCHED_BENCH);
        this.model = model;
    }

    /**
     * As {@link PeerFactory#start}.
     *
     * @param place the directory of both programs, or llama-bench in it
     */
    static ToolPeer start(Path place, Path model, Workload workload) {
        Path absolute = place.toAbsolutePath();
        Path directory = Files.isDirectory(absolute) ? absolute : absolute.resolveSibling("");
        ToolPeer peer = new ToolPeer(directory, model);
        requireExecutable(peer.bench);
        if (!workload.parallel().isEmpty()) {
            requireExecutable(peer.batchedBench);
        }
        return peer;
    }

    @Override
    public String name() {
        return "llama.cpp";
    }

    /** What llama-bench said of itself; known after the first repetition. */
    @Override
    public String version() {
        return version;
    }

    @Override
    public Round measure(Workload workload) {
        LlamaBenchOutput single = LlamaBenchOutput.parse(ToolRun.output(benchCommand(workload)));
        version = single.version();
        SortedMap<Integer, Double> parallel = workload.parallel().isEmpty()
                ? new TreeMap<>()
                : BatchedBenchOutput.parse(ToolRun.output(batchedBenchCommand(workload)), workload.parallel());
        return new Round(single.prefill(), single.decode(), parallel);
    }

    @Override
    public void close() {
        // Nothing runs between repetitions.
    }

    private List<String> benchCommand(Workload workload) {
        List<String> command = new ArrayList<>(List.of(bench.toString(), "-m", model.toString()));
        command.addAll(List.of("-p", Integer.toString(workload.prompt())));
        command.addAll(List.of("-n", Integer.toString(workload.generate())));
        command.addAll(List.of("-t", Integer.toString(workload.threads())));
        command.addAll(List.of("-r", "1", "-o", "json"));
        return command;
    }

    private List<String> batchedBenchCommand(Workload workload) {
        int positions = workload.mostSequences() * (Workload.PARALLEL_PROMPT + Workload.PARALLEL_GENERATE);
        String threads = Integer.toString(workload.threads());
        List<String> command = new ArrayList<>(List.of(batchedBench.toString(), "-m", model.toString()));
        command.addAll(List.of("-c", Integer.toString(positions), "-t", threads, "-tb", threads));
        command.addAll(List.of("-npp", Integer.toString(Workload.PARALLEL_PROMPT)));
        command.addAll(List.of("-ntg", Integer.toString(Workload.PARALLEL_GENERATE)));
        command.addAll(List.of(
                "-npl", workload.parallel().stream().map(String::valueOf).collect(Collectors.joining(","))));
        command.addAll(List.of("--output-format", "jsonl"));
        return command;
    }

    private static void requireExecutable(Path program) {
        if (!Files.isExecutable(program) || Files.isDirectory(program)) {
            throw new BenchException("there is no program " + program + "; --peer-binary takes the directory of "
                    + BENCH + " and " + BATCHED_BENCH + " of a build of llama.cpp");
        }
    }
}
