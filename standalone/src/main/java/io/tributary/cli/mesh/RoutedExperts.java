package io.tributary.cli.mesh;

import io.tributary.edge.ExpertConfiguration.Transport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the stages of a mesh reach experts that they do not compute themselves, and expert shards their routers.
 *
 * @param transport how routers give work to expert shards
 * @param routers all routers of the mesh, at least one
 */
public record RoutedExperts(Transport transport, List<ProcessStart> routers) {
    public RoutedExperts {
        routers = List.copyOf(routers);
    }

    /** The same stage or expert shard, which knows the routers. */
    public ProcessStart applyTo(ProcessStart service) {
        String addresses =
                routers.stream().map(router -> "127.0.0.1:" + router.grpcPort()).collect(Collectors.joining(","));
        return service.withProperties(Map.of(
                "tributary.experts.transport",
                transport.name().toLowerCase(Locale.ROOT),
                "tributary.experts.routers",
                addresses));
    }
}
