package io.tributary.decoder;

import io.tributary.log.Backoff;
import io.tributary.log.LanePosition;
import io.tributary.log.LogException;
import io.tributary.log.LogReader;
import io.tributary.log.UpstreamEpochs;
import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Lanes that the group has assigned to this shard and that it has yet to claim: with a higher epoch than all owners before,
 * written where only the owner can write. Used by the shard's thread.
 */
final class LaneClaims {
    private static final Logger LOG = Logger.getLogger(LaneClaims.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final class Attempt {
        private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        private long notBefore = System.nanoTime();

        void postpone() {
            notBefore = System.nanoTime() + backoff.next().toNanos();
        }
    }

    private final Map<Integer, Attempt> waiting = new HashMap<>();

    void add(Set<Integer> lanes) {
        lanes.forEach(lane -> waiting.put(lane, new Attempt()));
    }

    /** Claims the lane after a pause. */
    void addLater(int lane) {
        Attempt attempt = waiting.computeIfAbsent(lane, added -> new Attempt());
        attempt.postpone();
    }

    void remove(Set<Integer> lanes) {
        waiting.keySet().removeAll(lanes);
    }

    /** Claims what is due. A lane that cannot be claimed for now is tried again, with longer and longer pauses. */
    List<OwnedLane> claim(LogReader<LaneRecord> reader) {
        List<OwnedLane> claimed = new ArrayList<>();
        long now = System.nanoTime();
        List<Integer> due = waiting.entrySet().stream()
                .filter(entry -> entry.getValue().notBefore - now <= 0)
                .map(Map.Entry::getKey)
                .toList();
        if (due.isEmpty()) {
            return claimed;
        }
        try {
            Map<Integer, LanePosition> committed = reader.committed(Set.copyOf(due));
            for (int lane : due) {
                LanePosition claim =
                        claimOf(committed.getOrDefault(lane, new LanePosition(0, 0, 0, UpstreamEpochs.NONE)));
                if (reader.claim(lane, claim)) {
                    waiting.remove(lane);
                    reader.seek(lane, claim.lowWater());
                    claimed.add(new OwnedLane(lane, claim));
                } else {
                    addLater(lane);
                }
            }
        } catch (LogException unavailable) {
            LOG.warnf("lanes %s cannot be claimed yet, trying again: %s", due, unavailable.getMessage());
            due.stream().filter(waiting::containsKey).forEach(this::addLater);
        }
        return claimed;
    }

    /** The clock only counts where the positions of earlier owners were lost, with their topic. */
    private static LanePosition claimOf(LanePosition before) {
        long epoch = Math.max(before.epoch() + 1, System.currentTimeMillis());
        return new LanePosition(before.highWater(), before.lowWater(), epoch, before.upstreamEpochs());
    }
}
