package io.tributary.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How far lanes were read, and how far they were read so long ago that nobody waits for any of it. Thread-safe. */
final class ReadOffsets {
    /** Longer than a router waits for work before it gives it to somebody else. */
    static final Duration KEPT = Duration.ofMinutes(1);

    private record Snapshot(long nanos, Map<Integer, Long> offsets) {}

    private final Map<Integer, Long> read = new HashMap<>();
    private final Deque<Snapshot> snapshots = new ArrayDeque<>();

    /** A lane was read up to an offset. */
    synchronized void read(int lane, long nextOffset) {
        read.merge(lane, nextOffset, Math::max);
    }

    /**
     * To be called now and then.
     *
     * @param now of {@link System#nanoTime()}
     * @return by lane, the offset up to which it had been read {@link #KEPT} ago; empty if that is not known yet
     */
    synchronized Map<Integer, Long> settled(long now) {
        snapshots.add(new Snapshot(now, Map.copyOf(read)));
        Map<Integer, Long> settled = Map.of();
        for (Snapshot eldest = snapshots.peek();
                eldest != null && now - eldest.nanos() >= KEPT.toNanos();
                eldest = snapshots.peek()) {
            settled = eldest.offsets();
            snapshots.remove();
        }
        return settled;
    }
}
