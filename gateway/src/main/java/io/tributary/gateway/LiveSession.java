package io.tributary.gateway;

import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.SampledToken;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session whose tokens a client of this gateway gets. The reader of the tokens topic feeds it, and for a resumed one the
 * reader of what came before; the client's stream drains it. Thread-safe.
 */
final class LiveSession implements SessionListener {
    /** Tokens that may wait for an earlier one. */
    private static final int MOST_AHEAD = 4096;

    /** Tokens that may wait for a slow client; the log holds the rest, for when it resumes. */
    private static final int MOST_WAITING = 1024;

    private final String id;
    private final boolean keepsOpen;
    private final PromptRoutingParts routing;
    private final MultiEmitter<? super SampledToken> tokens;
    private final Map<Integer, SampledToken> ahead = new HashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private int nextPosition;
    private volatile boolean ended;
    private volatile boolean failed;
    private volatile boolean abandoned;

    /**
     * @param promptLength position of its first token
     * @param keepsOpen whether the session stays on the shards when its last token has come
     * @param routing of the prompt, which is filled before the first token is given out
     */
    LiveSession(
            String id,
            int promptLength,
            boolean keepsOpen,
            PromptRoutingParts routing,
            MultiEmitter<? super SampledToken> tokens) {
        this.id = id;
        this.keepsOpen = keepsOpen;
        this.nextPosition = promptLength;
        this.routing = routing;
        this.tokens = tokens;
    }

    @Override
    public String id() {
        return id;
    }

    /** Whether no more tokens come, because the last one has come or a stage has failed the session. */
    boolean ended() {
        return ended;
    }

    /** Whether nothing of the session is left on the shards. */
    boolean closed() {
        return keepsOpen ? failed : ended;
    }

    /** Whether the session goes on without this stream: the gateway, or what it reads, is lost to it. */
    boolean abandoned() {
        return abandoned;
    }

    /**
     * Takes a token of the log. One that was there before is dropped by its position; one that is early waits for those
     * before it, which a shard that takes over, or the reader of what came before, still brings.
     */
    @Override
    public synchronized void token(SampledToken token) {
        if (ended || abandoned || token.getPosition() < nextPosition) {
            return;
        }
        if (token.getPosition() > nextPosition || !routing.complete()) {
            keep(token);
            return;
        }
        give(token);
    }

    /** Takes a part of the prompt's routing, as {@link #token} takes a token. */
    @Override
    public synchronized void routing(PromptRouting part) {
        if (ended || abandoned) {
            return;
        }
        routing.add(part);
        SampledToken first = routing.complete() ? ahead.remove(nextPosition) : null;
        if (first != null) {
            give(first);
        }
    }

    private void give(SampledToken token) {
        for (SampledToken next = token; next != null && !ended; next = ahead.remove(nextPosition)) {
            nextPosition++;
            ended = next.getFinishReason() != FinishReason.FINISH_REASON_UNSPECIFIED;
            waiting.incrementAndGet();
            tokens.emit(next);
        }
        if (ended) {
            tokens.complete();
        } else if (waiting.get() > MOST_WAITING) {
            abandon(GrpcErrors.unavailable(
                    "%d tokens wait for the client; %s".formatted(waiting.get(), advice("from where it has come"))));
        }
    }

    /** Whether a token waits for the client. */
    boolean waits() {
        return waiting.get() > 0;
    }

    /** The client's stream has taken a token. */
    void delivered() {
        waiting.decrementAndGet();
    }

    private void keep(SampledToken token) {
        if (ahead.size() < MOST_AHEAD) {
            ahead.put(token.getPosition(), token);
        } else {
            abandon(GrpcErrors.unavailable("%s %d is missing from the log; %s"
                    .formatted(
                            routing.complete() ? "token" : "the routing of the prompt in front of token",
                            nextPosition,
                            advice("from there"))));
        }
    }

    private String advice(String where) {
        return keepsOpen
                ? "begin a conversation with the messages so far"
                : "resume session %s %s".formatted(id, where);
    }

    /** Ends the stream with that error. */
    @Override
    public synchronized void failedByStage(StatusRuntimeException error) {
        if (!ended) {
            failed = true;
            ended = true;
            tokens.fail(error);
        }
    }

    /** Ends the stream with an error of the gateway's own, before the session is of any use. */
    void fail(Throwable error) {
        tokens.fail(error);
    }

    /** Ends the stream, and leaves the session to whoever resumes it. */
    @Override
    public void abandon(Throwable error) {
        if (!ended) {
            abandoned = true;
            tokens.fail(error);
        }
    }

    /** Ends the stream before the model would. */
    void complete() {
        tokens.complete();
    }
}
