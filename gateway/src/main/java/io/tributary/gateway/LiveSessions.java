package io.tributary.gateway;

import io.tributary.edge.GrpcErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The sessions of this gateway: admission, the choice of a lane, and the way from a session id to its stream. */
final class LiveSessions {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maximum;
    private final int[] admittedByLane;
    private int admitted;
    private final ConcurrentMap<String, LiveSession> byId = new ConcurrentHashMap<>();

    LiveSessions(int maximum, int lanes) {
        this.maximum = maximum;
        this.admittedByLane = new int[lanes];
    }

    /**
     * Takes a place on the lane with the fewest sessions, to be given back with {@link #release}.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint if all places are taken
     */
    synchronized int admit() {
        if (admitted >= maximum) {
            throw GrpcErrors.busy(
                    "the gateway has %d sessions under way, as many as it takes".formatted(maximum), RETRY_AFTER);
        }
        int lane = 0;
        for (int candidate = 1; candidate < admittedByLane.length; candidate++) {
            if (admittedByLane[candidate] < admittedByLane[lane]) {
                lane = candidate;
            }
        }
        admitted++;
        admittedByLane[lane]++;
        return lane;
    }

    /** Gives a place back. */
    synchronized void release(int lane) {
        admitted--;
        admittedByLane[lane]--;
    }

    /** Number of places taken. */
    synchronized int admitted() {
        return admitted;
    }

    /** From now on tokens reach the session. */
    void add(LiveSession session) {
        byId.put(session.id(), session);
    }

    /** From now on tokens of the session are nobody's. */
    void remove(LiveSession session) {
        byId.remove(session.id());
    }

    @Nullable
    LiveSession find(String id) {
        return byId.get(id);
    }

    Collection<LiveSession> all() {
        return List.copyOf(byId.values());
    }
}
