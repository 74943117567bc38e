package io.tributary.decoder;

import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.edge.TraceContext;
import io.tributary.edge.Tracing;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the sessions of a shard: for each turn one of its prompt and one of its decoding, below the span that the
 * session's records name. What is computed again gets spans of its own. A session without a trace has none. Used by the
 * shard's thread.
 */
final class SessionTracing {
    private final Tracing tracing;
    private final StageModel model;
    private final IdentityHashMap<ShardSession, TurnSpans> open = new IdentityHashMap<>();

    SessionTracing(Tracing tracing, StageModel model) {
        this.tracing = tracing;
        this.model = model;
    }

    /**
     * A chunk has been computed.
     *
     * @param startNanos of the pass, by {@link System#nanoTime}
     * @param endNanos of the pass
     */
    void computed(Chunk chunk, long startNanos, long endNanos) {
        if (tracing.enabled()) {
            TurnSpans spans = spans(chunk);
            if (spans != null) {
                spans.computed(chunk, startNanos, endNanos);
            }
        }
    }

    private @Nullable TurnSpans spans(Chunk chunk) {
        ShardSession session = chunk.session();
        TurnSpans current = open.get(session);
        if (current != null && current.covers(chunk)) {
            return current;
        }
        ended(session);
        TraceContext parent = TraceContext.of(session.headers());
        if (parent.traceparent() == null) {
            return null;
        }
        TurnSpans next = new TurnSpans(tracing, parent, model, chunk);
        open.put(session, next);
        return next;
    }

    /** Nothing more comes of the session's turn, or of the session. */
    void ended(ShardSession session) {
        TurnSpans spans = open.remove(session);
        if (spans != null) {
            spans.end();
        }
    }
}
