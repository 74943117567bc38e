package io.tributary.cli;

import io.smallrye.mutiny.Multi;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `tributary generate`: continues a prompt. Only the continuation goes to standard output. */
@Command(name = "generate", description = "Continues a prompt and prints the tokens as they are made.")
final class GenerateCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "PATH", description = "A Hugging Face directory or a GGUF file.")
    @Nullable
    Path model;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT[,...]",
            description =
                    "Ask this gateway instead of a model here; with several of a mesh, go on at the next if one is lost."
                            + " TRIBUTARY_API_KEY is the key, if the gateway wants one.")
    @Nullable
    String gateway;

    @Option(names = "--json", description = "One JSON object per token, and a last one with the figures.")
    boolean json;

    @Mixin
    SamplingOptions sampling = new SamplingOptions();

    @Parameters(paramLabel = "PROMPT", description = "The text to continue; empty starts a new text.")
    String prompt = "";

    @Override
    public Integer call() {
        GenerateRequest request = sampling.request(prompt);
        if (gateway == null) {
            Path served = DefaultModel.orDefault(model);
            return EmbeddedMesh.of(served).run(service -> print(service, request));
        }
        if (model != null) {
            throw new WrongUsageException("--model and --gateway exclude each other: a gateway has its own model");
        }
        List<RemoteGateway> gateways = RemoteGateway.connectAll(gateway);
        try {
            return print(new ResumingStream(gateways)::generate, request);
        } finally {
            gateways.forEach(RemoteGateway::close);
        }
    }

    private int print(Function<GenerateRequest, Multi<GenerateResponse>> service, GenerateRequest request) {
        PrintStream out = StandardOutput.text();
        GenerationFigures figures = new GenerationFigures();
        GenerationPrinter printer = json ? new JsonPrinter(out) : new TextPrinter(out, System.err);
        for (GenerateResponse response : service.apply(request).subscribe().asIterable()) {
            figures.count(response);
            printer.print(response);
        }
        printer.end(figures);
        return 0;
    }
}
