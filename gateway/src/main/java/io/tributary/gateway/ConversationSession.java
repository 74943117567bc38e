package io.tributary.gateway;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The session on the shards that a conversation has at most: its next turn goes on with it if it can, and opens another one
 * otherwise, which computes little that the shards' prefix cache knows. One that waits for too long is freed. Thread-safe.
 */
final class ConversationSession {
    /**
     * What answers a turn.
     *
     * @param generation the stream
     * @param reused positions that were computed for earlier turns
     * @param mostPositions that its session may have
     */
    record Begun(Generation generation, int reused, int mostPositions) {}

    private final int growth;
    private final IdleTimer timer;
    private @Nullable KeptSession kept;
    private @Nullable Generations keptBy;
    private boolean closed;

    /**
     * @param growth positions that a session may have beyond those of its first turn
     * @param timeout how long a session waits for the next turn
     */
    ConversationSession(int growth, Duration timeout) {
        this.growth = growth;
        this.timer = new IdleTimer(timeout, this::free);
    }

    /**
     * Begins the answer to a turn, which has a place at the gateway from now on.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint if there is no room
     */
    synchronized Begun begin(Generations call, Admission turn) {
        timer.stop();
        KeptSession current = kept;
        if (current != null && current.continues(turn) && place(call, current, turn)) {
            kept = null;
            return new Begun(call.proceed(current, turn), current.computed(), current.mostPositions());
        }
        free();
        int most = (int) Math.min(call.mesh().model().contextLength(), (long) turn.positions() + growth);
        return new Begun(call.converse(turn, most), 0, most);
    }

    private static boolean place(Generations call, KeptSession current, Admission turn) {
        return call.mesh().sessions().admitTurn(current.sessionId().lane(), turn.positions());
    }

    /**
     * Keeps the session of an answer that has come to its end.
     *
     * @param ids of the prompt and the answer
     */
    synchronized void keep(Generations call, Begun begun, List<Integer> ids) {
        KeptSession session = new KeptSession(begun.generation().id(), ids, begun.mostPositions());
        kept = session;
        keptBy = call;
        call.mesh().sessions().add(session);
        if (closed) {
            free();
        } else {
            timer.start();
        }
    }

    /** The conversation has ended. */
    synchronized void close() {
        closed = true;
        timer.stop();
        free();
    }

    private synchronized void free() {
        KeptSession current = kept;
        Generations call = keptBy;
        if (current == null || call == null) {
            return;
        }
        kept = null;
        call.mesh().sessions().remove(current);
        call.mesh().writer().conclude(current.sessionId(), call.client().trace());
    }
}
