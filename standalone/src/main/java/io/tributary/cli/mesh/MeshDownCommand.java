package io.tributary.cli.mesh;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** `tributary mesh down`: ends the processes that `mesh up` started, and no others. */
@Command(name = "down", description = "Ends the mesh's own processes.")
final class MeshDownCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @ParentCommand
    MeshCommand mesh = new MeshCommand();

    @Override
    public Integer call() {
        MeshState state = mesh.state();
        List<MeshProcess> processes = state.processes();
        stop(processes);
        state.save(List.of());
        System.err.println(processes.isEmpty() ? "no mesh is up" : "the mesh is down");
        return 0;
    }

    /** Ends the services together, and then the broker, so that they find it while they say goodbye. */
    static void stop(List<MeshProcess> processes) {
        List<MeshProcess> services =
                processes.stream().filter(process -> !process.isBroker()).toList();
        services.forEach(MeshProcess::askToEnd);
        services.forEach(service -> service.stop(DEADLINE));
        processes.stream().filter(MeshProcess::isBroker).forEach(broker -> broker.stop(DEADLINE));
    }
}
