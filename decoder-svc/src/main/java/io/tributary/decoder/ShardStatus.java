package io.tributary.decoder;

import io.tributary.proto.log.v1.LaneStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.WeakHashMap;

/** What a shard tells the gateways of its lanes, every second. Used by the shard's thread. */
final class ShardStatus {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TOKENS_KEPT = Duration.ofMinutes(1);

    private final String shardId = UUID.randomUUID().toString();
    private final ShardSessions sessions;
    private final StageOutput output;
    private final long retainedBytesLimit;
    private final Map<OwnedLane, TokensRetention> tokens = new WeakHashMap<>();
    private long lastReport = System.nanoTime();

    /** @param retainedBytesLimit what a lane may hold for live sessions before it takes no new ones */
    ShardStatus(ShardSessions sessions, StageOutput output, long retainedBytesLimit) {
        this.sessions = sessions;
        this.output = output;
        this.retainedBytesLimit = retainedBytesLimit;
    }

    /** Reports the lanes if it is time. */
    void reportWhenDue(Collection<OwnedLane> lanes, boolean acceptsSessions) {
        if (System.nanoTime() - lastReport > INTERVAL.toNanos()) {
            lastReport = System.nanoTime();
            report(lanes, acceptsSessions);
        }
    }

    /** Reports the lanes now. */
    void report(Collection<OwnedLane> lanes, boolean acceptsSessions) {
        LaneStatus.Builder status = LaneStatus.newBuilder()
                .setShardId(shardId)
                .setAcceptsSessions(acceptsSessions)
                .setFreeSessions(sessions.freeSessions())
                .setFreePositions(sessions.freePositions())
                .setRetainedBytesLimit(retainedBytesLimit);
        for (OwnedLane lane : lanes) {
            TokensRetention retention = retention(lane);
            output.status(lane, status.setRetainedBytes(lane.retainedBytes()).build(), retention::appended);
        }
    }

    /** Offsets of the tokens topic below which nobody needs it, by lane; of lanes of which that is known. */
    Map<Integer, Long> tokensLowWater(Collection<OwnedLane> lanes) {
        Map<Integer, Long> low = new HashMap<>();
        for (OwnedLane lane : lanes) {
            OptionalLong offset = retention(lane).lowWater(lane.sessions(), System.nanoTime());
            if (offset.isPresent() && !lane.replaying()) {
                low.put(lane.lane(), offset.getAsLong());
            }
        }
        return low;
    }

    private TokensRetention retention(OwnedLane lane) {
        return tokens.computeIfAbsent(lane, owned -> new TokensRetention(TOKENS_KEPT, System.nanoTime()));
    }
}
