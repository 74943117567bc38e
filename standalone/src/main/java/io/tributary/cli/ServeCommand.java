package io.tributary.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `tributary serve`: all services in one JVM, reachable from other programs of this machine. */
@Command(name = "serve", description = "Serves a model from one JVM until it is stopped.")
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "PATH", description = "A Hugging Face directory or a GGUF file.")
    @Nullable
    Path model;

    @Option(names = "--grpc-port", paramLabel = "PORT", description = "Default: ${DEFAULT-VALUE}; 0 takes a free one.")
    int grpcPort = 9000;

    @Option(names = "--http-port", paramLabel = "PORT", description = "Default: ${DEFAULT-VALUE}; 0 takes a free one.")
    int httpPort = 8080;

    @Override
    public Integer call() {
        Path served = DefaultModel.orDefault(model);
        int grpc = LoopbackPort.requireFree(grpcPort, "--grpc-port");
        int http = LoopbackPort.requireFree(httpPort, "--http-port");
        if (grpc == http) {
            throw new WrongUsageException("--grpc-port and --http-port are both %d; they must differ".formatted(grpc));
        }
        System.err.printf("serving %s: gRPC on 127.0.0.1:%d, HTTP on 127.0.0.1:%d%n", served, grpc, http);
        return new EmbeddedMesh(Map.of(
                        "tributary.model.path", served.toString(),
                        "quarkus.grpc.server.port", Integer.toString(grpc),
                        "quarkus.http.port", Integer.toString(http)))
                .serve();
    }
}
