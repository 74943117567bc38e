package io.tributary.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.tributary.cli.experts.ExpertsCommand;
import io.tributary.cli.mesh.MeshCommand;
import io.tributary.cli.placement.PlanCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The `tributary` command. Exit status: 0, 1 for a failure, 2 for wrong usage. */
@QuarkusMain
@Command(
        name = "tributary",
        description = "Serves generative models on CPUs, in one JVM or as a mesh of services.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        version = "tributary 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GenerateCommand.class,
            ChatCommand.class,
            ServeCommand.class,
            MeshCommand.class,
            PlanCommand.class,
            ModelsCommand.class,
            TokenizeCommand.class,
            LogitsCommand.class,
            ExpertsCommand.class,
            KeyCommand.class
        })
public final class Tributary {
    private Tributary() {}

    /** Runs one command and exits with its status. */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Tributary()).setExecutionExceptionHandler(new FailureReport());
    }
}
