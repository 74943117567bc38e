package io.tributary.cli.mesh;

import io.tributary.cli.WrongUsageException;
import io.tributary.cli.placement.ModelExperts;
import io.tributary.cli.placement.Placement;
import io.tributary.edge.ExpertConfiguration.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who computes the experts of a mesh. */
final class ExpertOptions {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
    private static final int MOST_SHARDS = 64;
    private static final int MOST_ROUTERS = 64;

    @Option(
            names = "--experts",
            paramLabel = "N|SETS",
            description =
                    "Expert shards that compute the model's experts: so many, which share them evenly, or one for each set,"
                            + " such as 0-3/4-7; without it, each stage computes its own.")
    @Nullable
    String experts;

    @Option(names = "--routers", paramLabel = "M", description = "Routers of the expert shards; default: 1.")
    @Nullable
    Integer routers;

    @Option(
            names = "--expert-transport",
            paramLabel = "grpc|kafka",
            description = "How routers reach expert shards: grpc, with less delay (default), or kafka, for throughput.")
    @Nullable
    String transport;

    /** Checks what can be checked without the model. */
    void check() {
        if (experts == null && (routers != null || transport != null)) {
            throw new WrongUsageException(
                    "--routers and --expert-transport need --experts, the shards that are routed to");
        }
        MeshUpCommand.requireBetweenOneAnd(MOST_ROUTERS, routers == null ? 1 : routers, "--routers");
        transport();
    }

    /**
     * What the expert shards hold; empty if stages compute their own experts.
     *
     * @throws io.tributary.cli.CommandFailedException if there shall be shards, but the model has no experts
     */
    Optional<Placement> placement(Path model) {
        if (experts == null) {
            return Optional.empty();
        }
        int count = ModelExperts.read(model).experts();
        int shards = NUMBER.matcher(experts).matches() ? Integer.parseInt(experts) : experts.split("/", -1).length;
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new WrongUsageException(
                    "--experts asks for %d shards; 1 to %d are possible".formatted(shards, MOST_SHARDS));
        }
        try {
            return Optional.of(
                    NUMBER.matcher(experts).matches()
                            ? Placement.even(count, shards)
                            : Placement.parse(experts, count));
        } catch (IllegalArgumentException impossible) {
            throw new WrongUsageException("--experts: " + impossible.getMessage());
        }
    }

    /** The routers of expert shards. */
    RoutedExperts routing(MeshLauncher launcher, Path model, ProcessStart broker) {
        int count = routers == null ? 1 : routers;
        List<ProcessStart> starts = IntStream.range(0, count)
                .mapToObj(router ->
                        launcher.router(count == 1 ? "router" : "router-" + router, model, broker, transport()))
                .toList();
        return new RoutedExperts(transport(), starts);
    }

    /** A shard for each set. */
    static List<ProcessStart> shards(
            MeshLauncher launcher, Path model, ProcessStart broker, RoutedExperts routing, Placement placement) {
        List<ProcessStart> shards = new ArrayList<>();
        for (int shard = 0; shard < placement.shards().size(); shard++) {
            shards.add(launcher.expertShard(
                    "expert-" + shard,
                    model,
                    broker,
                    routing,
                    placement.shards().get(shard)));
        }
        return shards;
    }

    private Transport transport() {
        return switch (transport) {
            case null -> Transport.GRPC;
            case "grpc" -> Transport.GRPC;
            case "kafka" -> Transport.KAFKA;
            default ->
                throw new WrongUsageException(
                        "--expert-transport is \"%s\"; grpc and kafka are possible".formatted(transport));
        };
    }
}
