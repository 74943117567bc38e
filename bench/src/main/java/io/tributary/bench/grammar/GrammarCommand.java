package io.tributary.bench.grammar;

import io.tributary.bench.WrongUsageException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `tributary bench grammar`: microseconds of a mask, for some grammars and sizes of vocabularies. */
@Command(
        name = "grammar",
        description = {
            "Measures the masks that keep an answer within a grammar, along a text of it.",
            "Columns: masks not met before (mean and slowest), cached masks with a step by one token,",
            "and both together over a first text."
        })
public final class GrammarCommand implements Callable<Integer> {
    private static final int LARGEST = 1_000_000;

    @Option(
            names = "--vocabulary",
            split = ",",
            defaultValue = "32000,151936",
            paramLabel = "N",
            description = "Numbers of tokens. Default: ${DEFAULT-VALUE}.")
    List<Integer> vocabularies = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    CommandSpec specification;

    @Override
    public Integer call() {
        for (int size : vocabularies) {
            if (size < GrammarPieces.SMALLEST || size > LARGEST) {
                throw new WrongUsageException(
                        "--vocabulary", size, "it must be " + GrammarPieces.SMALLEST + " to " + LARGEST);
            }
        }
        PrintWriter out = specification.commandLine().getOut();
        for (int size : vocabularies) {
            GrammarBenchmark benchmark = new GrammarBenchmark(size);
            out.println("vocabulary of " + size + " tokens");
            out.println(GrammarFigures.HEADER);
            for (GrammarCase grammarCase : GrammarCase.all()) {
                out.println(benchmark.measure(grammarCase).line());
                out.flush();
            }
        }
        return 0;
    }
}
