package io.tributary.cli.mesh;

import io.tributary.cli.ProjectRoot;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** `tributary mesh`: the mesh on this machine. */
@Command(
        name = "mesh",
        description = "The mesh on this machine: a Kafka broker and one process a service.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MeshUpCommand.class, MeshStatusCommand.class, MeshDownCommand.class})
public final class MeshCommand {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where data, logs and the list of processes are; default: .tributary/mesh.")
    @Nullable
    Path directory;

    /** The list of processes of the mesh in question. */
    MeshState state() {
        Path chosen = directory == null ? ProjectRoot.path().resolve(".tributary/mesh") : directory;
        return new MeshState(chosen.toAbsolutePath().normalize());
    }
}
