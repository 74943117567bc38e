package io.tributary.gateway;

import com.google.rpc.Code;
import io.tributary.edge.GrpcErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The sessions of this gateway: admission, the choice of a lane, and the way from a session id to whoever gets its records. */
final class LiveSessions {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maximum;
    private final LaneDirectory directory;
    private final int[] admittedByLane;
    private int admitted;
    private final ConcurrentMap<String, SessionListener> byId = new ConcurrentHashMap<>();

    LiveSessions(int maximum, int lanes, LaneDirectory directory) {
        this.maximum = maximum;
        this.directory = directory;
        this.admittedByLane = new int[lanes];
    }

    /**
     * Takes a place on the lane with the fewest sessions of those that have room, to be given back with {@link #release}.
     *
     * @param positions of the session: its prompt and its tokens
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint if there is no room here or on the shards;
     *     UNAVAILABLE if no lane has shards
     */
    synchronized int admit(int positions) {
        requirePlace();
        long now = System.nanoTime();
        int lane = directory.lanesFor(positions, now).stream()
                .min(Comparator.comparingInt(candidate -> admittedByLane[candidate]))
                .orElseThrow();
        directory.promise(lane, positions, now);
        take(lane);
        return lane;
    }

    /**
     * Takes a place for a session that lives on a lane already, to be given back with {@link #release}.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint if all places are taken
     */
    synchronized void readmit(int lane) {
        requirePlace();
        take(lane);
    }

    /**
     * Takes a place for the next turn of a session, to be given back with {@link #release}, if its lane has room for it.
     *
     * @param positions of the session up to the end of the turn
     * @return whether the place was taken
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint if all places are taken
     */
    synchronized boolean admitTurn(int lane, int positions) {
        requirePlace();
        boolean room = directory.promiseTurn(lane, positions, System.nanoTime());
        if (room) {
            take(lane);
        }
        return room;
    }

    private void requirePlace() {
        if (admitted >= maximum) {
            throw GrpcErrors.busy(
                    "the gateway has %d sessions under way, as many as it takes".formatted(maximum), RETRY_AFTER);
        }
    }

    private void take(int lane) {
        admitted++;
        admittedByLane[lane]++;
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

    /** From now on records of the session go there; an earlier stream of it ends. */
    void add(SessionListener session) {
        SessionListener earlier = byId.put(session.id(), session);
        if (earlier != null) {
            earlier.abandon(GrpcErrors.of(Code.ABORTED, "the session was resumed by another call"));
        }
    }

    /** From now on tokens of the session are nobody's, unless another stream of it has come meanwhile. */
    void remove(SessionListener session) {
        byId.remove(session.id(), session);
    }

    @Nullable
    SessionListener find(String id) {
        return byId.get(id);
    }

    Collection<SessionListener> all() {
        return List.copyOf(byId.values());
    }
}
