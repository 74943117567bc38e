package io.tributary.bench.perplexity;

import io.tributary.bench.WrongUsageException;
import io.tributary.kernels.KeyValueType;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `tributary bench perplexity`: what shorter keys and values cost in quality. */
@Command(
        name = "perplexity",
        description = "Measures how well a model predicts a text, with keys and values stored in each type.")
public final class PerplexityCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A GGUF file or a Hugging Face directory.")
    Path model = Path.of("");

    @Mixin
    TextOption text = new TextOption();

    @Option(
            names = "--key-value-type",
            split = ",",
            defaultValue = ALL,
            paramLabel = "TYPE",
            description = "Any of f32, f16, bf16, q8, or all. Default: ${DEFAULT-VALUE}.")
    List<String> types = List.of();

    @Option(names = "--threads", description = "Default: one per processor.")
    @Nullable
    Integer threads;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    CommandSpec specification;

    @Override
    public Integer call() {
        int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Map<KeyValueType, Surprise> results = new PerplexityBenchmark(model, used).run(text.read(), chosenTypes());
        specification
                .commandLine()
                .getOut()
                .println(json ? PerplexityReport.json(results) : PerplexityReport.table(results));
        specification.commandLine().getOut().flush();
        return 0;
    }

    private Set<KeyValueType> chosenTypes() {
        Set<KeyValueType> chosen = EnumSet.noneOf(KeyValueType.class);
        for (String name : types) {
            if (name.equalsIgnoreCase(ALL)) {
                chosen.addAll(EnumSet.allOf(KeyValueType.class));
            } else {
                chosen.add(type(name));
            }
        }
        return chosen;
    }

    private static KeyValueType type(String name) {
        for (KeyValueType type : KeyValueType.values()) {
            if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
                return type;
            }
        }
        throw new WrongUsageException("--key-value-type", name, "allowed are f32, f16, bf16, q8 and all");
    }
}
