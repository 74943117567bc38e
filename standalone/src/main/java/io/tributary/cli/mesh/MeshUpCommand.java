package io.tributary.cli.mesh;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.DefaultModel;
import io.tributary.cli.WrongUsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** `tributary mesh up`: starts the processes, waits until all are ready, and says where they listen. */
@Command(name = "up", description = "Starts a Kafka broker and one process a service, and waits until all are ready.")
final class MeshUpCommand implements Callable<Integer> {
    private static final int MOST_STAGES = 64;

    @ParentCommand
    MeshCommand mesh = new MeshCommand();

    @Option(names = "--model", paramLabel = "PATH", description = "A Hugging Face directory or a GGUF file.")
    @Nullable
    Path model;

    @Option(
            names = "--stages",
            paramLabel = "N",
            description = "Processes to cut the layers into; default: ${DEFAULT-VALUE}.")
    int stages = 2;

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description = "The gateway's; default: ${DEFAULT-VALUE}; 0 takes a free one.")
    int grpcPort = 9000;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "The gateway's; default: ${DEFAULT-VALUE}; 0 takes a free one.")
    int httpPort = 8080;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Longest time until all are ready; default: ${DEFAULT-VALUE}.")
    int waitSeconds = 120;

    @Override
    public Integer call() {
        if (stages < 1 || stages > MOST_STAGES) {
            throw new WrongUsageException("--stages is %d; 1 to %d are possible".formatted(stages, MOST_STAGES));
        }
        MeshState state = mesh.state();
        if (state.processes().stream().anyMatch(process -> process.handle().isPresent())) {
            throw new CommandFailedException("a mesh is up already; `tributary mesh down` ends it");
        }
        Path served = DefaultModel.orDefault(model);
        Deadline deadline = Deadline.in(Duration.ofSeconds(waitSeconds));
        List<MeshProcess> started = new ArrayList<>();
        try {
            start(new MeshLauncher(state), served, deadline, started);
        } catch (RuntimeException failure) {
            MeshDownCommand.stop(started);
            throw failure;
        }
        state.save(started);
        started.forEach(
                process -> System.err.printf("%-12s %s%n", process.name(), MeshStatusCommand.addresses(process)));
        return 0;
    }

    private void start(MeshLauncher launcher, Path served, Deadline deadline, List<MeshProcess> started) {
        MeshProcess broker = launcher.broker();
        started.add(broker);
        launcher.await(broker, deadline);
        MeshProcess tokenizer = launcher.tokenizer(served);
        started.add(tokenizer);
        started.add(launcher.encoder());
        started.add(launcher.router());
        List<MeshProcess> decoders = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            decoders.add(launcher.decoder(served, broker, stage, stages));
        }
        started.addAll(decoders);
        started.add(launcher.gateway(broker, tokenizer, decoders.getFirst(), grpcPort, httpPort));
        started.forEach(process -> launcher.await(process, deadline));
    }
}
