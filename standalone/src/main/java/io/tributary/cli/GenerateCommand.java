package io.tributary.cli;

import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `tributary generate`: continues a prompt. Only the continuation goes to standard output. */
@Command(name = "generate", description = "Continues a prompt and prints the tokens as they are made.")
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    ModelOrGateway computing = new ModelOrGateway();

    @Option(names = "--json", description = "One JSON object per token, and a last one with the figures.")
    boolean json;

    @Option(names = "--routing", description = "With --json: which experts were chosen, for a model that has some.")
    boolean routing;

    @Mixin
    SamplingOptions sampling = new SamplingOptions();

    @Parameters(paramLabel = "PROMPT", description = "The text to continue; empty starts a new text.")
    String prompt = "";

    @Override
    public Integer call() {
        if (routing && !json) {
            throw new WrongUsageException("--routing needs --json: plain text has no place for it");
        }
        GenerateRequest request =
                sampling.request(prompt).toBuilder().setReportsRouting(routing).build();
        return computing.run(gateway -> print(gateway, request));
    }

    private int print(GatewayCalls gateway, GenerateRequest request) {
        PrintStream out = StandardOutput.text();
        GenerationFigures figures = new GenerationFigures();
        GenerationPrinter printer = json ? new JsonPrinter(out) : new TextPrinter(out, System.err);
        for (GenerateResponse response : gateway.generate(request).subscribe().asIterable()) {
            figures.count(response);
            printer.print(response);
        }
        printer.end(figures);
        return 0;
    }
}
