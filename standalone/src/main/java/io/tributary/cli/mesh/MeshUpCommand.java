package io.tributary.cli.mesh;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.DefaultModel;
import io.tributary.cli.WrongUsageException;
import io.tributary.cli.placement.Placement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** `tributary mesh up`: starts the processes, waits until all are ready, and says where they listen. */
@Command(name = "up", description = "Starts a Kafka broker and one process a service, and waits until all are ready.")
final class MeshUpCommand implements Callable<Integer> {
    private static final int MOST_STAGES = 64;
    private static final int MOST_REPLICAS = 64;
    private static final int MOST_GATEWAYS = 64;

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
            names = "--replicas",
            paramLabel = "N",
            description = "Shards a stage, which share its lanes; default: ${DEFAULT-VALUE}.")
    int replicas = 1;

    @Mixin
    ExpertOptions experts = new ExpertOptions();

    @Option(names = "--gateways", paramLabel = "N", description = "Gateways; default: ${DEFAULT-VALUE}.")
    int gateways = 1;

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description = "The gateway's; further gateways take the next ports; default: ${DEFAULT-VALUE}; 0 takes"
                    + " free ones.")
    int grpcPort = 9000;

    @Option(names = "--http-port", paramLabel = "PORT", description = "Likewise; default: ${DEFAULT-VALUE}.")
    int httpPort = 8080;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Longest time until all are ready; default: ${DEFAULT-VALUE}.")
    int waitSeconds = 120;

    @Override
    public Integer call() {
        requireBetweenOneAnd(MOST_STAGES, stages, "--stages");
        requireBetweenOneAnd(MOST_REPLICAS, replicas, "--replicas");
        requireBetweenOneAnd(MOST_GATEWAYS, gateways, "--gateways");
        experts.check();
        MeshState state = mesh.state();
        if (state.processes().stream().anyMatch(process -> process.handle().isPresent())) {
            throw new CommandFailedException("a mesh is up already; `tributary mesh down` ends it");
        }
        Path served = DefaultModel.orDefault(model);
        Optional<Placement> placement = experts.placement(served);
        Deadline deadline = Deadline.in(Duration.ofSeconds(waitSeconds));
        List<MeshProcess> started = new ArrayList<>();
        try {
            start(new MeshLauncher(state), served, placement, deadline, started);
        } catch (RuntimeException failure) {
            MeshDownCommand.stop(started);
            throw failure;
        }
        state.save(started);
        started.forEach(
                process -> System.err.printf("%-12s %s%n", process.name(), MeshStatusCommand.addresses(process)));
        return 0;
    }

    private void start(
            MeshLauncher launcher,
            Path served,
            Optional<Placement> placement,
            Deadline deadline,
            List<MeshProcess> started) {
        ProcessStart broker = launcher.broker();
        started.add(launcher.launch(broker));
        launcher.await(started.getFirst(), deadline);
        ProcessStart tokenizer = launcher.tokenizer(served);
        List<ProcessStart> decoders = decoders(launcher, served, broker);
        List<ProcessStart> services = new ArrayList<>(List.of(tokenizer, launcher.encoder()));
        if (placement.isPresent()) {
            RoutedExperts routing = experts.routing(launcher, served, broker);
            services.addAll(routing.routers());
            services.addAll(ExpertOptions.shards(launcher, served, broker, routing, placement.get()));
            decoders.replaceAll(routing::applyTo);
        } else {
            services.add(launcher.router());
        }
        services.addAll(decoders);
        for (int gateway = 0; gateway < gateways; gateway++) {
            services.add(launcher.gateway(
                    gateways == 1 ? "gateway" : "gateway-" + gateway,
                    broker,
                    tokenizer,
                    decoders.get(gateway % replicas),
                    portOf(gateway, grpcPort),
                    portOf(gateway, httpPort)));
        }
        services.forEach(service -> started.add(launcher.launch(service)));
        started.forEach(process -> launcher.await(process, deadline));
    }

    /** Those of stage 0 first. */
    private List<ProcessStart> decoders(MeshLauncher launcher, Path served, ProcessStart broker) {
        List<ProcessStart> decoders = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            for (int replica = 0; replica < replicas; replica++) {
                String name = replicas == 1 ? "decoder-" + stage : "decoder-" + stage + "-" + replica;
                decoders.add(launcher.decoder(name, served, broker, stage, stages));
            }
        }
        return decoders;
    }

    private static int portOf(int gateway, int first) {
        return first == 0 ? 0 : first + gateway;
    }

    static void requireBetweenOneAnd(int most, int value, String option) {
        if (value < 1 || value > most) {
            throw new WrongUsageException("%s is %d; 1 to %d are possible".formatted(option, value, most));
        }
    }
}
