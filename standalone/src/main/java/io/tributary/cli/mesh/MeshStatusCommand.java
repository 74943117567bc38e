package io.tributary.cli.mesh;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** `tributary mesh status`: which processes run, which are ready, and where they listen. Exit status 1 if not all are. */
@Command(name = "status", description = "Shows the mesh's processes, whether they are ready and where they listen.")
final class MeshStatusCommand implements Callable<Integer> {
    @ParentCommand
    MeshCommand mesh = new MeshCommand();

    @Override
    public Integer call() {
        List<MeshProcess> processes = mesh.state().processes();
        if (processes.isEmpty()) {
            System.out.println("no mesh is up");
            return 1;
        }
        boolean allReady = true;
        System.out.printf("%-12s %8s  %-9s %s%n", "process", "pid", "state", "listens on");
        for (MeshProcess process : processes) {
            Readiness readiness = Readiness.of(process);
            allReady &= readiness == Readiness.READY;
            String state = readiness.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            System.out.printf("%-12s %8d  %-9s %s%n", process.name(), process.pid(), state, addresses(process));
        }
        return allReady ? 0 : 1;
    }

    /** Where a process listens, for people. */
    static String addresses(MeshProcess process) {
        return process.isBroker()
                ? "Kafka 127.0.0.1:" + process.grpcPort()
                : "gRPC 127.0.0.1:%d, HTTP 127.0.0.1:%d".formatted(process.grpcPort(), process.httpPort());
    }
}
