package io.tributary.bench.model;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import io.tributary.bench.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * llama.cpp in this process, through the library de.kherud:llama. It offers completions of texts only, so a prompt is
 * timed by completing it with a single token, and generation by the time that further tokens add.
 */
final class LibraryPeer implements Engine {
    private static final String LIBRARY = "de.kherud:llama";
    private static final String LIBRARY_PROPERTIES = "/META-INF/maven/de.kherud/llama/pom.properties";
    private static final double NANOS = 1e9;
    private static final long MOST_MINUTES = 60;
    /** A short text, so that what is timed is generation. */
    private static final String SEQUENCE_START = " a";

    private final LlamaModel model;
    private final String prompt;
    private final ExecutorService callers;

    private LibraryPeer(LlamaModel model, Workload workload) {
        this.model = model;
        this.prompt = new PromptText(text -> model.encode(text).length).of(workload.prompt());
        this.callers = Executors.newFixedThreadPool(
                workload.mostSequences(), Thread.ofPlatform().daemon().factory());
        secondsOf(1, SEQUENCE_START, 2);
    }

    /** As {@link PeerFactory#start}. */
    static LibraryPeer start(Path path, Workload workload) {
        int sequences = workload.mostSequences();
        ModelParameters parameters = new ModelParameters()
                .setModel(path.toString())
                .setThreads(workload.threads())
                .setThreadsBatch(workload.threads())
                .setParallel(sequences)
                // The context is shared out evenly among the sequences; a few positions are left for control tokens.
                .setCtxSize(sequences * (workload.longestSequence() + Workload.PARALLEL_PROMPT))
                .disableLog();
        LlamaModel model = load(parameters, path);
        try {
            return new LibraryPeer(model, workload);
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    @Override
    public String name() {
        return "llama.cpp";
    }

    @Override
    public String version() {
        return LIBRARY + " " + libraryVersion();
    }

    @Override
    public Round measure(Workload workload) {
        double prefill = workload.prompt() / secondsOf(1, prompt, 1);
        double decode = rate(1, workload.generate());
        SortedMap<Integer, Double> parallel = new TreeMap<>();
        for (int sequences : workload.parallel()) {
            parallel.put(sequences, rate(sequences, Workload.PARALLEL_GENERATE));
        }
        return new Round(prefill, decode, parallel);
    }

    @Override
    public void close() {
        callers.shutdownNow();
        model.close();
    }

    private static LlamaModel load(ModelParameters parameters, Path path) {
        PrintStream output = System.out;
        // The library says there where it unpacks itself; standard output is for our result alone.
        System.setOut(System.err);
        try {
            return new LlamaModel(parameters);
        } catch (UnsatisfiedLinkError | RuntimeException failure) {
            throw new BenchException(
                    "llama.cpp of " + LIBRARY + " did not load " + path + ": " + failure.getMessage()
                            + "; --peer-binary DIR takes a build of llama.cpp of your own instead",
                    failure);
        } finally {
            System.setOut(output);
        }
    }

    private double rate(int sequences, int tokens) {
        double first = secondsOf(sequences, SEQUENCE_START, 1);
        double all = secondsOf(sequences, SEQUENCE_START, 1 + tokens);
        return sequences * tokens / (all - first);
    }

    /** Completes the same text with several sequences at a time. */
    private double secondsOf(int sequences, String text, int tokens) {
        InferenceParameters parameters = new InferenceParameters(text)
                .setNPredict(tokens)
                .setTemperature(0)
                .setIgnoreEos(true)
                .setCachePrompt(false);
        List<Future<String>> completions = new ArrayList<>();
        long start = System.nanoTime();
        for (int sequence = 0; sequence < sequences; sequence++) {
            completions.add(callers.submit(() -> model.complete(parameters)));
        }
        completions.forEach(LibraryPeer::await);
        return (System.nanoTime() - start) / NANOS;
    }

    private static void await(Future<String> completion) {
        try {
            completion.get(MOST_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while llama.cpp was running", interrupted);
        } catch (ExecutionException failure) {
            throw new BenchException("llama.cpp failed: " + failure.getCause(), failure);
        } catch (TimeoutException late) {
            throw new BenchException("llama.cpp was not done after " + MOST_MINUTES + " minutes", late);
        }
    }

    private static String libraryVersion() {
        try (InputStream stream = LlamaModel.class.getResourceAsStream(LIBRARY_PROPERTIES)) {
            Properties properties = new Properties();
            if (stream != null) {
                properties.load(stream);
            }
            return properties.getProperty("version", "of unknown version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
