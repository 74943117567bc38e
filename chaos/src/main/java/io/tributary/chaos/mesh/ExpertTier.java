package io.tributary.chaos.mesh;

import io.tributary.cli.mesh.MeshLauncher;
import io.tributary.cli.mesh.ProcessStart;
import io.tributary.cli.mesh.RoutedExperts;
import io.tributary.proto.router.v1.AttachedShard;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** The routers and the expert shards of a mesh, which are made here and launched with all others. */
final class ExpertTier implements AutoCloseable {
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC");

    private final ExpertShape shape;
    private final List<MeshMember> routers;
    private final RoutedExperts routing;
    private final List<List<MeshMember>> groups = new ArrayList<>();
    private final List<Probe<DescribeExpertsResponse>> probes;

    /** @param add takes a process into the mesh */
    ExpertTier(
            ExpertShape shape,
            MeshLauncher launcher,
            Path model,
            ProcessStart broker,
            BiFunction<MemberKind, ProcessStart, MeshMember> add) {
        this.shape = shape;
        this.routers = IntStream.range(0, shape.routers())
                .mapToObj(router -> launcher.router("router-" + router, model, broker, shape.transport())
                        .withFlags(SMALL))
                .map(start -> add.apply(MemberKind.ROUTER, start))
                .toList();
        this.routing = new RoutedExperts(
                shape.transport(), routers.stream().map(MeshMember::start).toList());
        for (int group = 0; group < shape.groups(); group++) {
            List<MeshMember> replicas = new ArrayList<>();
            for (int replica = 0; replica < shape.replicas(); replica++) {
                String name = "expert-%d-%d".formatted(group, replica);
                ProcessStart start = launcher.expertShard(name, model, broker, routing, shape.experts(group))
                        .withFlags(SMALL)
                        .withProperties(Map.of("tributary.decoder.threads", "1"));
                replicas.add(add.apply(MemberKind.EXPERT, start));
            }
            groups.add(List.copyOf(replicas));
        }
        this.probes = routers.stream()
                .map(router -> Probe.ofRouter(router.grpcPort()))
                .toList();
    }

    /** The routers, whether they run or not. */
    List<MeshMember> routers() {
        return routers;
    }

    /** The expert shards by group, whether they run or not. */
    List<List<MeshMember>> groups() {
        return List.copyOf(groups);
    }

    /** The same shard of a stage, which lets the routers have its experts computed. */
    ProcessStart routed(ProcessStart decoder) {
        return routing.applyTo(decoder);
    }

    /** Whether every router has every expert as often as it should be there. */
    boolean isWhole() {
        return probes.stream()
                .allMatch(probe -> probe.ask().filter(this::hasAllExperts).isPresent());
    }

    private boolean hasAllExperts(DescribeExpertsResponse description) {
        int[] holders = new int[description.getExperts()];
        description.getShardsList().stream()
                .map(AttachedShard::getAnnouncement)
                .flatMap(announcement -> announcement.getExpertsList().stream())
                .forEach(expert -> holders[expert]++);
        return holders.length > 0 && IntStream.of(holders).allMatch(count -> count == shape.replicas());
    }

    @Override
    public void close() {
        probes.forEach(Probe::close);
    }
}
