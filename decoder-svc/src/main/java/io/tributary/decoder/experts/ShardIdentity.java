package io.tributary.decoder.experts;

import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertTransport;

/**
 * Who an expert shard is, for as long as it runs.
 *
 * @param shardId unique among the shards of a mesh; the same after a restart
 * @param model the model's name in topics
 * @param fingerprint of the checkpoint
 * @param firstLayer the first layer of which it may have experts
 * @param endLayer behind the last one
 * @param transport how it takes work
 */
public record ShardIdentity(
        String shardId, String model, String fingerprint, int firstLayer, int endLayer, ExpertTransport transport) {

    ExpertShardAnnouncement announcement(ExpertSet experts) {
        return ExpertShardAnnouncement.newBuilder()
                .setShardId(shardId)
                .setModelFingerprint(fingerprint)
                .setFirstLayer(firstLayer)
                .setEndLayer(endLayer)
                .addAllExperts(() -> experts.indices().iterator())
                .setTransport(transport)
                .build();
    }
}
