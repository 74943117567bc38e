package io.tributary.chaos.mesh;

import io.tributary.proto.decoder.v1.DescribeShardResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** The shards of the stages, as they say themselves. */
final class DecoderTier implements AutoCloseable {
    private final int lanes;
    private final List<List<MeshMember>> stages;
    private final Map<MeshMember, Probe<DescribeShardResponse>> probes = new ConcurrentHashMap<>();

    DecoderTier(int stages, int lanes) {
        this.lanes = lanes;
        this.stages = IntStream.range(0, stages)
                .<List<MeshMember>>mapToObj(_ -> new CopyOnWriteArrayList<>())
                .toList();
    }

    /** The shards of a stage, whether they run or not. */
    List<MeshMember> shards(int stage) {
        return List.copyOf(stages.get(stage));
    }

    void add(int stage, MeshMember shard) {
        stages.get(stage).add(shard);
    }

    void remove(MeshMember shard) {
        stages.forEach(siblings -> siblings.remove(shard));
        Probe<DescribeShardResponse> probe = probes.remove(shard);
        if (probe != null) {
            probe.close();
        }
    }

    /** Whether every lane of every stage has exactly one owner. */
    boolean isWhole() {
        return stages.stream().allMatch(this::ownsAllLanes);
    }

    private boolean ownsAllLanes(List<MeshMember> siblings) {
        List<Integer> owned = siblings.stream()
                .flatMap(shard -> describe(shard).stream())
                .map(DescribeShardResponse::getLanesList)
                .flatMap(List::stream)
                .sorted()
                .toList();
        return owned.equals(IntStream.range(0, lanes).boxed().toList());
    }

    /** Whether a shard owns a lane. */
    boolean ownsLanes(MeshMember shard) {
        return describe(shard)
                .filter(description -> description.getLanesCount() > 0)
                .isPresent();
    }

    /** How many sessions the shards have; empty if there is one that does not answer. */
    OptionalInt liveSessions() {
        List<Optional<DescribeShardResponse>> descriptions =
                stages.stream().flatMap(List::stream).map(this::describe).toList();
        return descriptions.stream().allMatch(Optional::isPresent)
                ? OptionalInt.of(descriptions.stream()
                        .flatMap(Optional::stream)
                        .mapToInt(DescribeShardResponse::getLiveSessions)
                        .sum())
                : OptionalInt.empty();
    }

    private Optional<DescribeShardResponse> describe(MeshMember shard) {
        return probes.computeIfAbsent(shard, _ -> Probe.ofShard(shard.grpcPort()))
                .ask();
    }

    @Override
    public void close() {
        probes.values().forEach(Probe::close);
    }
}
