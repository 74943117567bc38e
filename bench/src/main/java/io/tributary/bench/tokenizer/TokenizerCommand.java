package io.tributary.bench.tokenizer;

import io.tributary.bench.perplexity.TextOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `tributary bench tokenizer`: how fast texts become ids. */
@Command(
        name = "tokenizer",
        description = "Measures how fast a text becomes token ids, beside the Hugging Face library in the same run.")
public final class TokenizerCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A GGUF file or a Hugging Face directory.")
    Path model = Path.of("");

    @Mixin
    TextOption text = new TextOption();

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    CommandSpec specification;

    @Override
    public Integer call() {
        List<EncodingRate> rates = new TokenizerBenchmark(model, text.read()).run();
        specification.commandLine().getOut().println(json ? TokenizerReport.json(rates) : TokenizerReport.table(rates));
        specification.commandLine().getOut().flush();
        return 0;
    }
}
