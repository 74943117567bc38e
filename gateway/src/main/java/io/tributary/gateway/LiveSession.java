package io.tributary.gateway;

import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.SampledToken;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session whose tokens a client of this gateway gets. The reader of the tokens topic feeds it, and for a resumed one the
 * reader of what came before; the client's stream drains it. Thread-safe.
 */
final class LiveSession {
    /** Tokens that may wait for an earlier one. */
    private static final int MOST_AHEAD = 4096;

    /** Tokens that may wait for a slow client; the log holds the rest, for when it resumes. */
    private static final int MOST_WAITING = 1024;

    private final String id;
    private final int lane;
    private final MultiEmitter<? super SampledToken> tokens;
    private final Map<Integer, SampledToken> ahead = new HashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private int nextPosition;
    private volatile boolean ended;
    private volatile boolean abandoned;

    LiveSession(String id, int lane, int promptLength, MultiEmitter<? super SampledToken> tokens) {
        this.id = id;
        this.lane = lane;
        this.nextPosition = promptLength;
        this.tokens = tokens;
    }

    String id() {
        return id;
    }

    int lane() {
        return lane;
    }

    /** Whether a stage has ended the session, so that nothing of it is left on the shards. */
    boolean ended() {
        return ended;
    }

    /** Whether the session goes on without this stream: the gateway, or what it reads, is lost to it. */
    boolean abandoned() {
        return abandoned;
    }

    /**
     * Takes a token of the log. One that was there before is dropped by its position; one that is early waits for those
     * before it, which a shard that takes over, or the reader of what came before, still brings.
     */
    synchronized void accept(SampledToken token) {
        if (ended || abandoned || token.getPosition() < nextPosition) {
            return;
        }
        if (token.getPosition() > nextPosition) {
            keep(token);
            return;
        }
        for (SampledToken next = token; next != null && !ended; next = ahead.remove(nextPosition)) {
            nextPosition++;
            ended = next.getFinishReason() != FinishReason.FINISH_REASON_UNSPECIFIED;
            waiting.incrementAndGet();
            tokens.emit(next);
        }
        if (ended) {
            tokens.complete();
        } else if (waiting.get() > MOST_WAITING) {
            abandon(GrpcErrors.unavailable("%d tokens wait for the client; resume session %s from where it has come"
                    .formatted(waiting.get(), id)));
        }
    }

    /** The client's stream has taken a token. */
    void delivered() {
        waiting.decrementAndGet();
    }

    private void keep(SampledToken token) {
        if (ahead.size() < MOST_AHEAD) {
            ahead.put(token.getPosition(), token);
        } else {
            abandon(GrpcErrors.unavailable(
                    "token %d of session %s is missing from the log; resume the session".formatted(nextPosition, id)));
        }
    }

    /** Ends the stream with an error that a stage, or a cancelling gateway, reported. */
    synchronized void failedByStage(StatusRuntimeException error) {
        if (!ended) {
            ended = true;
            tokens.fail(error);
        }
    }

    /** Ends the stream with an error of the gateway's own, before the session is of any use. */
    void fail(Throwable error) {
        tokens.fail(error);
    }

    /** Ends the stream, and leaves the session to whoever resumes it. */
    void abandon(Throwable error) {
        abandoned = true;
        tokens.fail(error);
    }

    /** Ends the stream before the model would. */
    void complete() {
        tokens.complete();
    }
}
