package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertTransport;
import org.jspecify.annotations.Nullable;

/**
 * What a shard that attaches must be like.
 *
 * @param fingerprint of the model
 * @param layerCount layers of the model
 * @param experts of the layer that has most
 * @param transport how work reaches shards
 */
record AnnouncementCheck(String fingerprint, int layerCount, int experts, ExpertTransport transport) {
    private static final int LONGEST_ID = 200;

    /** What is wrong with an announcement; null if nothing is. */
    @Nullable
    Status problem(ExpertShardAnnouncement announcement) {
        if (announcement.getShardId().isBlank() || announcement.getShardId().length() > LONGEST_ID) {
            return Problems.invalidArgument("shard_id: %d characters; 1 to %d are needed, not only white space"
                    .formatted(announcement.getShardId().length(), LONGEST_ID));
        }
        if (!announcement.getModelFingerprint().equals(fingerprint)) {
            return Problems.failedPrecondition(
                    ("model_fingerprint: shard %s has experts of model %s, this router gates %s; expert shards and routers"
                                    + " must load the same model")
                            .formatted(announcement.getShardId(), announcement.getModelFingerprint(), fingerprint));
        }
        if (announcement.getTransport() != transport) {
            return Problems.failedPrecondition(
                    ("transport: shard %s takes work by %s, this router gives it by %s; tributary.experts.transport must be"
                                    + " the same for all services of a mesh")
                            .formatted(announcement.getShardId(), announcement.getTransport(), transport));
        }
        return holdingProblem(announcement);
    }

    private @Nullable Status holdingProblem(ExpertShardAnnouncement announcement) {
        long first = Integer.toUnsignedLong(announcement.getFirstLayer());
        long end = Integer.toUnsignedLong(announcement.getEndLayer());
        if (first >= end || end > layerCount) {
            return Problems.invalidArgument(
                    "first_layer, end_layer: %d to %d; a range within the model's layers 0 to %d is needed"
                            .formatted(first, end, layerCount));
        }
        for (int expert : announcement.getExpertsList()) {
            if (Integer.toUnsignedLong(expert) >= experts) {
                return Problems.invalidArgument("experts: %s does not exist; the model has experts 0 to %d"
                        .formatted(Integer.toUnsignedString(expert), experts - 1));
            }
        }
        return null;
    }
}
