package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.ShardPlacement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a placement must be like.
 *
 * @param layers with experts
 */
record PlacementCheck(ExpertLayers layers) {
    /** What is wrong with a placement on the shards that are attached; null if nothing is. */
    @Nullable
    Status problem(PlaceExpertsRequest request, ShardDirectory directory) {
        for (ShardPlacement placement : request.getShardsList()) {
            for (int expert : placement.getExpertsList()) {
                if (Integer.toUnsignedLong(expert) >= layers.all().size()) {
                    return Problems.invalidArgument(
                            "experts: %s of shard %s does not exist; the model has experts 0 to %d"
                                    .formatted(
                                            Integer.toUnsignedString(expert),
                                            placement.getShardId(),
                                            layers.all().size() - 1));
                }
            }
            if (directory.find(placement.getShardId()) == null) {
                return Problems.of(
                        Code.NOT_FOUND,
                        "shard_id: no shard %s is attached to this router".formatted(placement.getShardId()));
            }
        }
        Map<String, ExpertSet> wanted = wanted(request);
        if (wanted.size() < request.getShardsCount()) {
            return Problems.invalidArgument("shard_id: a shard is named more than once");
        }
        return coverageProblem(wanted, directory);
    }

    /** The experts of each shard that is named. */
    static Map<String, ExpertSet> wanted(PlaceExpertsRequest request) {
        Map<String, ExpertSet> wanted = new LinkedHashMap<>();
        for (ShardPlacement placement : request.getShardsList()) {
            wanted.put(
                    placement.getShardId(),
                    ExpertSet.of(placement.getExpertsList().stream().mapToInt(Integer::intValue)));
        }
        return wanted;
    }

    private @Nullable Status coverageProblem(Map<String, ExpertSet> wanted, ShardDirectory directory) {
        for (int layer : layers.layers()) {
            ExpertSet held = directory.shards().stream()
                    .filter(shard -> shard.covers(layer))
                    .map(shard -> wanted.getOrDefault(shard.id(), shard.experts()))
                    .reduce(ExpertSet.all(0), ExpertSet::plus);
            ExpertSet left = layers.experts(layer).minus(held);
            if (!left.isEmpty()) {
                return Problems.invalidArgument(
                        "shards: no attached shard would hold experts %s of layer %d; each expert needs one"
                                .formatted(left, layer));
            }
        }
        return null;
    }
}
