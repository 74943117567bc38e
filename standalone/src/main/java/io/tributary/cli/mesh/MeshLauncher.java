package io.tributary.cli.mesh;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.LoopbackPort;
import io.tributary.cli.ProjectRoot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Starts the processes of a mesh on loopback. Each writes to a file of its own under the mesh's logs. */
final class MeshLauncher {
    private static final long READINESS_POLL_MILLIS = 100;
    private static final int LINES_OF_LOG = 12;
    private static final List<String> SERVICE_FLAGS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx512m");

    private final MeshState state;
    private final Path root = ProjectRoot.path();
    private final Set<Integer> portsGiven = new HashSet<>();

    MeshLauncher(MeshState state) {
        this.state = state;
    }

    MeshProcess broker() {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
        command.add(root.resolve("dev-broker/target/classes") + File.pathSeparator
                + root.resolve("dev-broker/target/lib") + "/*");
        command.addAll(List.of(
                "io.tributary.broker.DevBrokerMain",
                "--data",
                state.brokerData().toString(),
                "--port",
                Integer.toString(port),
                "--controller-port",
                Integer.toString(freePort())));
        return start("broker", command, port, 0);
    }

    MeshProcess tokenizer(Path model) {
        return service("tokenizer", "tokenizer-svc", 0, 0, Map.of("tributary.model.path", model.toString()));
    }

    MeshProcess encoder() {
        return service("encoder", "encoder-svc", 0, 0, Map.of());
    }

    MeshProcess router() {
        return service("router", "router-svc", 0, 0, Map.of());
    }

    MeshProcess decoder(Path model, MeshProcess broker, int stage, int stages) {
        return service(
                "decoder-" + stage,
                "decoder-svc",
                0,
                0,
                Map.of(
                        "tributary.model.path", model.toString(),
                        "tributary.log.bootstrap-servers", "127.0.0.1:" + broker.grpcPort(),
                        "tributary.decoder.stage", Integer.toString(stage),
                        "tributary.decoder.stages", Integer.toString(stages)));
    }

    MeshProcess gateway(MeshProcess broker, MeshProcess tokenizer, MeshProcess decoder, int grpcPort, int httpPort) {
        return service(
                "gateway",
                "gateway",
                grpcPort,
                httpPort,
                Map.of(
                        "tributary.log.bootstrap-servers", "127.0.0.1:" + broker.grpcPort(),
                        "quarkus.grpc.clients.tokenizer.port", Integer.toString(tokenizer.grpcPort()),
                        "quarkus.grpc.clients.decoder.port", Integer.toString(decoder.grpcPort())));
    }

    /** Waits until a process is ready; says what its log says if it ends or takes too long. */
    void await(MeshProcess process, Deadline deadline) {
        while (true) {
            Readiness readiness = Readiness.of(process);
            if (readiness == Readiness.READY) {
                return;
            }
            if (readiness == Readiness.ENDED || deadline.passed()) {
                String what = readiness == Readiness.ENDED ? "ended while starting" : "was not ready in time";
                throw new CommandFailedException("%s %s; the end of %s:%n%s"
                        .formatted(process.name(), what, logOf(process.name()), endOfLog(process.name())));
            }
            pause();
        }
    }

    private MeshProcess service(String name, String folder, int grpcPort, int httpPort, Map<String, String> settings) {
        int grpc = grpcPort == 0 ? freePort() : LoopbackPort.requireFree(grpcPort, "--grpc-port");
        int http = httpPort == 0 ? freePort() : LoopbackPort.requireFree(httpPort, "--http-port");
        Path application = root.resolve(folder).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(application)) {
            throw new CommandFailedException(application + " is missing; `tributary build` makes it");
        }
        Map<String, String> properties = new TreeMap<>(settings);
        properties.put("quarkus.grpc.server.port", Integer.toString(grpc));
        properties.put("quarkus.http.port", Integer.toString(http));
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(SERVICE_FLAGS);
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", application.toString()));
        return start(name, command, grpc, http);
    }

    private MeshProcess start(String name, List<String> command, int grpcPort, int httpPort) {
        try {
            Files.createDirectories(state.logs());
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(logOf(name).toFile())
                    .start();
            return MeshProcess.of(name, process.toHandle(), grpcPort, httpPort);
        } catch (IOException failure) {
            throw new CommandFailedException("%s could not be started: %s".formatted(name, failure.getMessage()));
        }
    }

    private Path logOf(String name) {
        return state.logs().resolve(name + ".log");
    }

    private String endOfLog(String name) {
        try {
            List<String> lines = Files.readAllLines(logOf(name));
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
        } catch (IOException unreadable) {
            return "(unreadable: " + unreadable.getMessage() + ")";
        }
    }

    private int freePort() {
        int port = LoopbackPort.free();
        return portsGiven.add(port) ? port : freePort();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void pause() {
        try {
            Thread.sleep(READINESS_POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted while the mesh was starting");
        }
    }
}
