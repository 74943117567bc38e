package io.tributary.cli.placement;

import io.tributary.cli.CommandFailedException;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.PlaceExpertsResponse;
import io.tributary.proto.router.v1.ShardPlacement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All routers of a mesh. */
final class MeshRouters implements AutoCloseable {
    private final List<RemoteRouter> routers;
    private final List<String> silent = new ArrayList<>();

    /** @param addresses `host:port` of each */
    MeshRouters(List<String> addresses) {
        routers = addresses.stream().map(RemoteRouter::connect).toList();
    }

    /**
     * Asks all of them. One that does not answer is told of on standard error.
     *
     * @throws CommandFailedException if none answers
     */
    AttachedExperts describe() {
        Map<String, DescribeExpertsResponse> answers = new LinkedHashMap<>();
        for (RemoteRouter router : routers) {
            router.describe()
                    .ifPresentOrElse(
                            answer -> answers.put(router.address(), answer), () -> silent.add(router.address()));
        }
        if (answers.isEmpty()) {
            throw new CommandFailedException("no router answers at " + String.join(", ", silent));
        }
        silent.forEach(address -> System.err.println("tributary: no router answers at " + address));
        return AttachedExperts.of(answers);
    }

    /**
     * Has the shards hold other experts: asks each router in turn, as each of them would otherwise put back what it was asked
     * for last.
     *
     * @param wanted by the shards' names
     * @param deadlineMillis for each router
     * @return what the shards then hold
     * @throws CommandFailedException if a router does not answer or refuses; those before it have done it
     */
    SortedMap<String, ExpertSet> place(SortedMap<String, ExpertSet> wanted, int deadlineMillis) {
        if (!silent.isEmpty()) {
            throw new CommandFailedException("no router answers at %s; nothing was changed, as all routers must be told"
                    .formatted(String.join(", ", silent)));
        }
        PlaceExpertsRequest.Builder request = PlaceExpertsRequest.newBuilder().setDeadlineMs(deadlineMillis);
        wanted.forEach((name, experts) -> request.addShards(ShardPlacement.newBuilder()
                .setShardId(name)
                .addAllExperts(experts.indices().boxed().toList())));
        SortedMap<String, ExpertSet> held = new TreeMap<>();
        for (RemoteRouter router : routers) {
            PlaceExpertsResponse placed = router.place(request.build());
            placed.getShardsList().forEach(shard -> held.put(shard.getShardId(), AttachedExperts.held(shard)));
        }
        return held;
    }

    @Override
    public void close() {
        routers.forEach(RemoteRouter::close);
    }
}
