package io.tributary.bench;

import io.tributary.bench.chart.ChartCommand;
import io.tributary.bench.encoder.EncoderCommand;
import io.tributary.bench.grammar.GrammarCommand;
import io.tributary.bench.model.ModelCommand;
import io.tributary.bench.perplexity.PerplexityCommand;
import io.tributary.bench.synthetic.MakeModelCommand;
import io.tributary.bench.tokenizer.TokenizerCommand;
import io.tributary.kernels.KernelPath;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;

/** The `tributary bench` command. Exit status: 0, 1 for a failure, 2 for wrong usage. */
@Command(
        name = "tributary bench",
        description = "Measures kernels and whole models beside the limits of this machine.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        version = "tributary 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelCommand.class,
            MakeModelCommand.class,
            KernelsCommand.class,
            PerplexityCommand.class,
            GrammarCommand.class,
            TokenizerCommand.class,
            EncoderCommand.class,
            ChartCommand.class
        })
public final class Bench {
    private Bench() {}

    /** Runs one command and exits with its status. */
    public static void main(String... arguments) {
        KernelPath.warning().ifPresent(System.err::println);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String message = failure.getMessage();
                    command.getErr().println("tributary: " + (message == null ? failure.toString() : message));
                    command.getErr().flush();
                    CommandSpec specification = command.getCommandSpec();
                    return failure instanceof WrongUsageException
                            ? specification.exitCodeOnInvalidInput()
                            : specification.exitCodeOnExecutionException();
                });
    }
}
