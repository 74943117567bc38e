package io.tributary.router;

import io.tributary.models.experts.ExpertStatistics;
import io.tributary.proto.router.v1.AttachedShard;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.LayerLoad;
import java.util.Arrays;

/** What a router knows of shards and of the load of experts, as messages. */
final class ExpertDescription {
    private ExpertDescription() {}

    static DescribeExpertsResponse of(
            GatedModel model, ShardDirectory directory, ExpertStatistics statistics, long now) {
        DescribeExpertsResponse.Builder description = DescribeExpertsResponse.newBuilder()
                .setModelFingerprint(model.fingerprint())
                .setExperts(model.layers().all().size());
        directory.shards().forEach(shard -> description.addShards(shard(shard, now)));
        statistics.layers().forEach(layer -> description.addLoads(load(statistics.load(layer))));
        return description.build();
    }

    private static AttachedShard shard(ExpertShard shard, long now) {
        return AttachedShard.newBuilder()
                .setAnnouncement(shard.announcement())
                .setWaitingRows(shard.reportedRows())
                .setRowsUnderWay(shard.rowsUnderWay())
                .setMillisecondsSinceHeartbeat((int) ((now - shard.lastHeard()) / 1_000_000))
                .build();
    }

    private static LayerLoad load(io.tributary.models.experts.LayerLoad load) {
        return LayerLoad.newBuilder()
                .setLayer(load.layer())
                .setPositions(load.positions())
                .setOverflow(load.overflow())
                .addAllChosen(() -> Arrays.stream(load.chosen()).iterator())
                .addAllPairs(() -> Arrays.stream(load.pairs()).iterator())
                .build();
    }
}
