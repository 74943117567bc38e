package io.tributary.chaos;

import io.tributary.chaos.mesh.ExpertShape;
import io.tributary.cli.WrongUsageException;
import io.tributary.edge.ExpertConfiguration.Transport;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the experts of the mesh are spread, as people write it. */
final class ExpertOptions {
    private static final int MOST_REPLICAS = 8;
    private static final int MOST_ROUTERS = 8;

    @Option(
            names = "--experts",
            paramLabel = "N",
            description = "Serve a model with experts, which so many expert shards share; default: a model without.")
    int groups;

    @Option(
            names = "--expert-replicas",
            paramLabel = "N",
            description = "Expert shards that hold the same experts; default: ${DEFAULT-VALUE}.")
    int replicas = 2;

    @Option(
            names = "--routers",
            paramLabel = "N",
            description = "Routers between stages and expert shards; default: ${DEFAULT-VALUE}.")
    int routers = 2;

    @Option(
            names = "--expert-transport",
            paramLabel = "KIND",
            description = "How work reaches expert shards: grpc or kafka; default: ${DEFAULT-VALUE}.")
    String transport = "grpc";

    /**
     * The spread that was asked for; empty without experts.
     *
     * @throws WrongUsageException for what is not possible
     */
    Optional<ExpertShape> shape() {
        requireBetween(0, ExpertShape.MOST_GROUPS, groups, "--experts");
        requireBetween(1, MOST_REPLICAS, replicas, "--expert-replicas");
        requireBetween(1, MOST_ROUTERS, routers, "--routers");
        Transport chosen = transport();
        return groups == 0 ? Optional.empty() : Optional.of(new ExpertShape(groups, replicas, routers, chosen));
    }

    private Transport transport() {
        return switch (transport.toLowerCase(Locale.ROOT)) {
            case "grpc" -> Transport.GRPC;
            case "kafka" -> Transport.KAFKA;
            default ->
                throw new WrongUsageException(
                        "--expert-transport %s is none; there are grpc and kafka".formatted(transport));
        };
    }

    private static void requireBetween(int least, int most, int value, String option) {
        if (value < least || value > most) {
            throw new WrongUsageException("%s is %d; %d to %d are possible".formatted(option, value, least, most));
        }
    }
}
