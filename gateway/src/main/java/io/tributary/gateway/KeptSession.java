package io.tributary.gateway;

import io.grpc.StatusRuntimeException;
import io.tributary.edge.TraceContext;
import io.tributary.log.SessionId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The session of an answer that has come to its end, for as long as a next turn may go on with it. */
final class KeptSession implements SessionListener {
    private final SessionId id;
    private final List<Integer> ids;
    private final int mostPositions;
    private volatile @Nullable StatusRuntimeException failure;

    /**
     * @param ids of the prompt and the answer; the last one has not been computed yet
     * @param mostPositions that the session may have
     */
    KeptSession(SessionId id, List<Integer> ids, int mostPositions) {
        this.id = id;
        this.ids = List.copyOf(ids);
        this.mostPositions = mostPositions;
    }

    @Override
    public String id() {
        return id.toString();
    }

    SessionId sessionId() {
        return id;
    }

    /** Positions that are computed. */
    int computed() {
        return ids.size() - 1;
    }

    /** Positions that the session may have. */
    int mostPositions() {
        return mostPositions;
    }

    /** Whether the session can answer a prompt: it begins with what the session has, and fits. */
    boolean continues(Admission next) {
        List<Integer> prompt = next.promptIds();
        return failure == null
                && next.positions() <= mostPositions
                && prompt.size() > ids.size()
                && prompt.subList(0, ids.size()).equals(ids)
                && !next.request().sampling().tellsAnswersFromPrompts();
    }

    /** Begins a turn that {@linkplain #continues continues} the session. */
    CompletionStage<Long> proceed(SessionWriter writer, Admission next, TraceContext trace) {
        StatusRuntimeException ended = failure;
        if (ended != null) {
            return CompletableFuture.failedFuture(ended);
        }
        List<Integer> rest =
                next.promptIds().subList(computed(), next.promptIds().size());
        return writer.proceed(id, Openings.turn(next), computed(), rest, trace);
    }

    @Override
    public void failedByStage(StatusRuntimeException error) {
        failure = error;
    }

    @Override
    public void abandon(Throwable error) {
        // Either a turn goes on with the session, and gets its records, or the gateway ends.
    }
}
