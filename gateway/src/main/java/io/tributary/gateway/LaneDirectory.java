package io.tributary.gateway;

import io.tributary.edge.GrpcErrors;
import io.tributary.proto.log.v1.LaneStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the owners of lanes say of themselves, every second, in the tokens topic: where a new session can go. Thread-safe.
 */
final class LaneDirectory {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private record Key(int lane, int stage) {}

    private record Seen(LaneStatus status, long nanos) {}

    private final int lanes;
    private final int stages;
    private final long validNanos;
    private final Map<Key, Seen> seen = new HashMap<>();
    /** By shard: what this gateway has given it since it last reported. */
    private final Map<String, Long> promisedPositions = new HashMap<>();

    private final Map<String, Integer> promisedSessions = new HashMap<>();

    /** @param valid how long a status counts; an owner that is silent for longer is taken for lost */
    LaneDirectory(int lanes, int stages, Duration valid) {
        this.lanes = lanes;
        this.stages = stages;
        this.validNanos = valid.toNanos();
    }

    /** Takes a status from the log. */
    synchronized void update(int lane, int stage, LaneStatus status, long now) {
        seen.put(new Key(lane, stage), new Seen(status, now));
        promisedPositions.remove(status.getShardId());
        promisedSessions.remove(status.getShardId());
    }

    /** Whether some lane has an owner in every stage. */
    synchronized boolean anyLaneServed(long now) {
        for (int lane = 0; lane < lanes; lane++) {
            if (owners(lane, now).size() == stages) {
                return true;
            }
        }
        return false;
    }

    /**
     * The lanes that a session can go to.
     *
     * @param positions of its prompt and tokens
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if some stage has no owner of any lane; RESOURCE_EXHAUSTED with a
     *     retry hint if no lane has room
     */
    synchronized List<Integer> lanesFor(int positions, long now) {
        List<Integer> open = new ArrayList<>();
        String obstacle = null;
        boolean served = false;
        for (int lane = 0; lane < lanes; lane++) {
            List<LaneStatus> owners = owners(lane, now);
            if (owners.size() < stages) {
                continue;
            }
            served = true;
            String here = obstacle(lane, owners, positions);
            if (here == null) {
                open.add(lane);
            } else {
                obstacle = here;
            }
        }
        if (!served) {
            throw GrpcErrors.unavailable(missing(now));
        }
        if (open.isEmpty()) {
            throw GrpcErrors.busy("no lane has room for the session: " + obstacle, RETRY_AFTER);
        }
        return open;
    }

    /**
     * Counts the next turn of a session that lives on a lane until its shards report again, if they have room for it.
     *
     * @param positions of the session up to the end of the turn; its keys and values may have been given up meanwhile
     * @return whether there is room
     */
    synchronized boolean promiseTurn(int lane, int positions, long now) {
        List<LaneStatus> owners = owners(lane, now);
        boolean room = owners.size() == stages
                && owners.stream().allMatch(owner -> owner.getAcceptsSessions() && freePositions(owner) >= positions);
        if (room) {
            owners.forEach(owner -> promisedPositions.merge(owner.getShardId(), (long) positions, Long::sum));
        }
        return room;
    }

    private long freePositions(LaneStatus owner) {
        return owner.getFreePositions() - promisedPositions.getOrDefault(owner.getShardId(), 0L);
    }

    /** Counts a session that goes to a lane until its shards report again. */
    synchronized void promise(int lane, int positions, long now) {
        for (LaneStatus owner : owners(lane, now)) {
            promisedPositions.merge(owner.getShardId(), (long) positions, Long::sum);
            promisedSessions.merge(owner.getShardId(), 1, Integer::sum);
        }
    }

    private List<LaneStatus> owners(int lane, long now) {
        List<LaneStatus> owners = new ArrayList<>(stages);
        for (int stage = 0; stage < stages; stage++) {
            Seen owner = seen.get(new Key(lane, stage));
            if (owner != null && now - owner.nanos() <= validNanos) {
                owners.add(owner.status());
            }
        }
        return owners;
    }

    private @Nullable String obstacle(int lane, List<LaneStatus> owners, int positions) {
        for (int stage = 0; stage < owners.size(); stage++) {
            LaneStatus owner = owners.get(stage);
            String shard = owner.getShardId();
            if (!owner.getAcceptsSessions()) {
                return "the shard of stage %d is being drained".formatted(stage);
            }
            if (owner.getFreeSessions() <= promisedSessions.getOrDefault(shard, 0)) {
                return "the shard of stage %d has as many sessions as it takes".formatted(stage);
            }
            long free = freePositions(owner);
            if (free < positions) {
                return "the shard of stage %d has keys and values for %d more positions; %d are needed"
                        .formatted(stage, Math.max(0, free), positions);
            }
            if (owner.getRetainedBytes() >= owner.getRetainedBytesLimit()) {
                return "lane %d of stage %d holds %d MiB that older sessions need"
                        .formatted(lane, stage, owner.getRetainedBytes() >> 20);
            }
        }
        return null;
    }

    private String missing(long now) {
        Set<Integer> absent = new HashSet<>();
        for (int stage = 0; stage < stages; stage++) {
            absent.add(stage);
        }
        seen.forEach((key, owner) -> {
            if (now - owner.nanos() <= validNanos) {
                absent.remove(key.stage());
            }
        });
        return absent.isEmpty()
                ? "no lane has a shard in every stage at present; try again"
                : "no shard of stage %s reports; try again when one is up"
                        .formatted(absent.iterator().next());
    }
}
