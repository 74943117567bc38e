package io.tributary.bench.synthetic;

import io.tributary.bench.WrongUsageException;
import io.tributary.kernels.WorkPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `tributary bench make-model`: a GGUF file with random weights, for measurements that anyone can repeat. */
@Command(name = "make-model", description = "Writes a GGUF file with random weights in the shape of a real model.")
public final class MakeModelCommand implements Callable<Integer> {
    private static final String DEFAULT_SEED = "20260923";

    @Option(
            names = "--shape",
            required = true,
            description = "tinyllama-1.1b, llama2-7b or mixtral-mini (8 experts, 2 used).")
    String shape = "";

    @Option(names = "--type", required = true, description = "How matrices are stored: ${COMPLETION-CANDIDATES}.")
    WeightFormat type = WeightFormat.Q8_0;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to; replaced if it exists.")
    Path out = Path.of("");

    @Option(names = "--seed", defaultValue = DEFAULT_SEED, description = "Default: ${DEFAULT-VALUE}.")
    long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    CommandSpec specification;

    @Override
    public Integer call() throws IOException {
        ModelShape wanted = ModelShape.named(shape);
        Path directory = out.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new WrongUsageException("--out", out, "it must be a file in a directory that exists");
        }
        long start = System.nanoTime();
        try (WorkPool pool = new WorkPool(Runtime.getRuntime().availableProcessors())) {
            new SyntheticModel(wanted, type, seed).write(out, pool);
        }
        specification
                .commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s: %s, %s, %.2f GB, %.1f s%n",
                        out,
                        wanted.name(),
                        type,
                        Files.size(out) / 1e9,
                        (System.nanoTime() - start) / 1e9);
        specification.commandLine().getOut().flush();
        return 0;
    }
}
