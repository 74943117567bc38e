package io.tributary.gateway;

import io.tributary.edge.TraceContext;
import io.tributary.log.LogWriter;
import io.tributary.log.SessionId;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.CloseSession;
import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.TokenRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Writes what a gateway has to say: openings, turns, prompts in chunks and closings to stage 0; starts to other gateways. */
final class SessionWriter {
    private static final Logger LOG = Logger.getLogger(SessionWriter.class);

    private final LogWriter<LaneRecord> stage0;
    private final LogWriter<TokenRecord> tokens;
    private final int chunk;

    /** @param chunk positions of a prompt in one record */
    SessionWriter(LogWriter<LaneRecord> stage0, LogWriter<TokenRecord> tokens, int chunk) {
        this.stage0 = stage0;
        this.tokens = tokens;
        this.chunk = chunk;
    }

    /** Appends the session's start: from now on any gateway can go on with it. */
    CompletionStage<Long> start(SessionDescription session, TraceContext trace) {
        return append(session.id(), TokenRecord.newBuilder().setStart(session.record()), trace.headers());
    }

    /**
     * Appends the opening and the whole prompt.
     *
     * @return done when the log holds the last record; since a lane keeps its order, then it holds all of them
     */
    CompletionStage<Long> open(SessionId session, OpenSession opening, List<Integer> promptIds, TraceContext trace) {
        CompletionStage<Long> opened = append(session, LaneRecord.newBuilder().setOpen(opening), trace.headers());
        return opened.thenCombine(positions(session, 0, promptIds, trace), (before, offset) -> offset);
    }

    /**
     * Appends the next turn of a session that keeps open.
     *
     * @param firstPosition position of the first id: of the last token of the turn before
     * @param ids that token, and the prompt behind it
     * @return done when the log holds the last record
     */
    CompletionStage<Long> proceed(
            SessionId session, ContinueSession next, int firstPosition, List<Integer> ids, TraceContext trace) {
        CompletionStage<Long> begun = append(session, LaneRecord.newBuilder().setContinue(next), trace.headers());
        return begun.thenCombine(positions(session, firstPosition, ids, trace), (before, offset) -> offset);
    }

    private CompletionStage<Long> positions(
            SessionId session, int firstPosition, List<Integer> ids, TraceContext trace) {
        CompletionStage<Long> last = CompletableFuture.completedFuture(0L);
        for (int from = 0; from < ids.size(); from += chunk) {
            Activation activation = Activation.newBuilder()
                    .setFirstPosition(firstPosition + from)
                    .addAllTokenIds(ids.subList(from, Math.min(from + chunk, ids.size())))
                    .build();
            CompletionStage<Long> next =
                    append(session, LaneRecord.newBuilder().setActivation(activation), trace.headers());
            last = last.thenCombine(next, (before, offset) -> offset);
        }
        return last;
    }

    /** Appends the end of a session whose client has all that it wants, so that every stage frees it. */
    CompletionStage<Long> finish(SessionId session, TraceContext trace) {
        return close(session, CloseReason.CLOSE_REASON_FINISHED, trace);
    }

    /** Appends the end of a session that nobody wants any more, of which the last stage tells whoever streams it. */
    CompletionStage<Long> cancel(SessionId session, TraceContext trace) {
        return close(session, CloseReason.CLOSE_REASON_CANCELLED, trace);
    }

    /** As {@link #finish}, when nobody waits for it. */
    void conclude(SessionId session, TraceContext trace) {
        report(session, finish(session, trace));
    }

    /** As {@link #cancel}, when nobody waits for it. */
    void abandon(SessionId session, TraceContext trace) {
        report(session, cancel(session, trace));
    }

    private static void report(SessionId session, CompletionStage<Long> closing) {
        closing.whenComplete((offset, failure) -> {
            if (failure != null) {
                LOG.warnf("session %s could not be closed; its shards free it when idle: %s", session, failure);
            }
        });
    }

    private CompletionStage<Long> close(SessionId session, CloseReason reason, TraceContext trace) {
        CloseSession close = CloseSession.newBuilder().setReason(reason).build();
        return append(session, LaneRecord.newBuilder().setClose(close), trace.headers());
    }

    private CompletionStage<Long> append(SessionId session, LaneRecord.Builder builder, Map<String, String> headers) {
        String id = session.toString();
        return stage0.append(session.lane(), builder.setSessionId(id).build(), id, headers);
    }

    private CompletionStage<Long> append(SessionId session, TokenRecord.Builder builder, Map<String, String> headers) {
        String id = session.toString();
        return tokens.append(session.lane(), builder.setSessionId(id).build(), id, headers);
    }
}
