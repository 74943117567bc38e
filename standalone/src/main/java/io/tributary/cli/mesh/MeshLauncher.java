package io.tributary.cli.mesh;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.LoopbackPort;
import io.tributary.cli.ProjectRoot;
import io.tributary.edge.ExpertConfiguration.Transport;
import io.tributary.models.experts.ExpertSet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Starts the processes of a mesh on loopback. Each writes to a file of its own under the mesh's logs; one that is started
 * again goes on with its file.
 */
public final class MeshLauncher {
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
    private final Set<String> started = new HashSet<>();

    /** @param state says where data and logs are */
    public MeshLauncher(MeshState state) {
        this.state = state;
    }

    /** A Kafka broker. */
    public ProcessStart broker() {
        int port = freePort();
        String classPath = root.resolve("dev-broker/target/classes") + File.pathSeparator
                + root.resolve("dev-broker/target/lib") + "/*";
        List<String> program = List.of(
                "-cp",
                classPath,
                "io.tributary.broker.DevBrokerMain",
                "--data",
                state.brokerData().toString(),
                "--port",
                Integer.toString(port),
                "--controller-port",
                Integer.toString(freePort()));
        return new ProcessStart("broker", List.of("-XX:+UseSerialGC", "-Xmx256m"), Map.of(), program, port, 0);
    }

    /** The tokenizer of a model. */
    public ProcessStart tokenizer(Path model) {
        return service("tokenizer", "tokenizer-svc", 0, 0, Map.of("tributary.model.path", model.toString()));
    }

    /** All services of a model in one JVM, which needs no broker. */
    public ProcessStart standalone(String name, Path model) {
        int grpc = freePort();
        int http = freePort();
        List<String> program = List.of(
                "-jar",
                application("standalone"),
                "serve",
                "--model",
                model.toString(),
                "--grpc-port",
                Integer.toString(grpc),
                "--http-port",
                Integer.toString(http));
        return new ProcessStart(name, SERVICE_FLAGS, Map.of("tributary.root", root.toString()), program, grpc, http);
    }

    /** The encoder. */
    ProcessStart encoder() {
        return service("encoder", "encoder-svc", 0, 0, Map.of());
    }

    /** A router that has no experts to route to. */
    ProcessStart router() {
        return service("router", "router-svc", 0, 0, Map.of());
    }

    /** A router of a model with experts. */
    public ProcessStart router(String name, Path model, ProcessStart broker, Transport transport) {
        return service(
                name,
                "router-svc",
                0,
                0,
                Map.of(
                        "tributary.model.path", model.toString(),
                        "tributary.log.bootstrap-servers", "127.0.0.1:" + broker.grpcPort(),
                        "tributary.experts.transport", transport.name().toLowerCase(Locale.ROOT)));
    }

    /**
     * A shard that holds experts of a model.
     *
     * @param name also what routers know it by
     * @param experts those that it holds when it starts
     */
    public ProcessStart expertShard(
            String name, Path model, ProcessStart broker, RoutedExperts routing, ExpertSet experts) {
        return routing.applyTo(service(
                name,
                "decoder-svc",
                0,
                0,
                Map.of(
                        "tributary.model.path",
                        model.toString(),
                        "tributary.log.bootstrap-servers",
                        "127.0.0.1:" + broker.grpcPort(),
                        "tributary.decoder.experts",
                        experts.toString(),
                        "tributary.decoder.shard-id",
                        name)));
    }

    /** A shard of a stage of a model; one of a mesh with expert shards goes through {@link RoutedExperts#applyTo}. */
    public ProcessStart decoder(String name, Path model, ProcessStart broker, int stage, int stages) {
        return service(
                name,
                "decoder-svc",
                0,
                0,
                Map.of(
                        "tributary.model.path", model.toString(),
                        "tributary.log.bootstrap-servers", "127.0.0.1:" + broker.grpcPort(),
                        "tributary.decoder.stage", Integer.toString(stage),
                        "tributary.decoder.stages", Integer.toString(stages)));
    }

    /**
     * A gateway.
     *
     * @param decoder a shard of stage 0
     * @param grpcPort 0 for a free one, likewise {@code httpPort}
     */
    public ProcessStart gateway(
            String name,
            ProcessStart broker,
            ProcessStart tokenizer,
            ProcessStart decoder,
            int grpcPort,
            int httpPort) {
        return service(
                name,
                "gateway",
                grpcPort,
                httpPort,
                Map.of(
                        "tributary.log.bootstrap-servers", "127.0.0.1:" + broker.grpcPort(),
                        "quarkus.grpc.clients.tokenizer.port", Integer.toString(tokenizer.grpcPort()),
                        "quarkus.grpc.clients.decoder.port", Integer.toString(decoder.grpcPort())));
    }

    /**
     * Starts a process, and does not wait until it is ready.
     *
     * @throws CommandFailedException when the operating system refuses
     */
    public synchronized MeshProcess launch(ProcessStart start) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(start.arguments());
        try {
            Files.createDirectories(state.logs());
            File log = logOf(start.name()).toFile();
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            started.add(start.name())
                                    ? ProcessBuilder.Redirect.to(log)
                                    : ProcessBuilder.Redirect.appendTo(log))
                    .start();
            return MeshProcess.of(start.name(), process.toHandle(), start.grpcPort(), start.httpPort());
        } catch (IOException failure) {
            throw new CommandFailedException(
                    "%s could not be started: %s".formatted(start.name(), failure.getMessage()));
        }
    }

    /**
     * Waits until a process is ready.
     *
     * @throws CommandFailedException with the end of its log when it ends or takes too long
     */
    public void await(MeshProcess process, Deadline deadline) {
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

    private ProcessStart service(String name, String folder, int grpcPort, int httpPort, Map<String, String> settings) {
        int grpc = grpcPort == 0 ? freePort() : LoopbackPort.requireFree(grpcPort, "--grpc-port");
        int http = httpPort == 0 ? freePort() : LoopbackPort.requireFree(httpPort, "--http-port");
        List<String> program = List.of("-jar", application(folder));
        return new ProcessStart(name, SERVICE_FLAGS, settings, program, grpc, http)
                .withProperties(Map.of(
                        "quarkus.grpc.server.port", Integer.toString(grpc),
                        "quarkus.http.port", Integer.toString(http)));
    }

    private String application(String folder) {
        Path application = root.resolve(folder).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(application)) {
            throw new CommandFailedException(application + " is missing; `tributary build` makes it");
        }
        return application.toString();
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
        int port = LoopbackPort.freeAndLasting();
        return portsGiven.add(port) ? port : freePort();
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
