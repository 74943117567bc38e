package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.GrpcErrors;
import io.tributary.log.SessionId;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.log.v1.SampledToken;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One session on its way to one client: turns its tokens into responses, and ends it when the stream ends early. For one
 * subscriber.
 */
final class Generation {
    /** Where the tokens come from, once there is somebody to give them to. */
    interface Source {
        /** Lets the session's tokens come; fails if they will not. */
        CompletionStage<?> start(LiveSession session);
    }

    private final Generations call;
    private final SessionDescription description;
    private final Source source;
    private final int nextPosition;
    private final PromptRoutingParts routing;
    private final TokenAssembler assembler;
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile @Nullable LiveSession session;
    private volatile @Nullable Throwable tokenFailure;
    private volatile boolean cancelled;
    private volatile boolean kept;

    /** @param nextPosition what is of positions before it is not wanted */
    Generation(Generations call, SessionDescription description, Source source, int nextPosition) {
        this.call = call;
        this.description = description;
        this.source = source;
        this.nextPosition = nextPosition;
        this.routing = description.reportsRouting()
                ? new PromptRoutingParts(
                        Math.max(0, nextPosition), description.promptIds().size() - 1)
                : PromptRoutingParts.none();
        this.assembler = new TokenAssembler(description.promptIds(), description.stops(), routing);
    }

    /** The session. */
    SessionId id() {
        return description.id();
    }

    /** Leaves the session on the shards when the stream ends: somebody else frees it. */
    void keep() {
        kept = true;
    }

    /** Ends the stream behind the last token that was given out; the session is freed. */
    void cancel() {
        cancelled = true;
        LiveSession current = session;
        if (current != null) {
            current.complete();
        }
    }

    /**
     * Started, what is reported of the prompt, a Token each, Finished. The place that the session has at the gateway is given
     * back at the end.
     */
    Multi<GenerateResponse> responses() {
        return stream().onTermination().invoke(this::release);
    }

    private Multi<GenerateResponse> stream() {
        Multi<SampledToken> tokens = Multi.createFrom()
                .<SampledToken>emitter(this::open)
                .ifNoItem()
                .after(call.tokenTimeout())
                .recoverWithMulti(() -> Multi.createFrom().failure(this::silence))
                .onFailure()
                .invoke(failure -> tokenFailure = failure);
        Multi<GenerateResponse> assembled = call.tokenizer()
                .decodeIncrementally(tokens.map(assembler::decodingOf))
                .runSubscriptionOn(call.client().inCall())
                .onItem()
                .transformToIterable(decoded -> cancelled ? List.of() : assembler.assemble(decoded))
                .onItem()
                .invoke(this::endAtStopText)
                .onItem()
                .call(call.client().demand()::next)
                .onFailure()
                .transform(this::cause)
                .onItem()
                .invoke(this::delivered)
                .select()
                .where(this::wanted);
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(this::started),
                        assembled,
                        Multi.createFrom().deferred(this::cancellation));
    }

    private Multi<GenerateResponse> cancellation() {
        return cancelled && !assembler.finished()
                ? Multi.createFrom().item(assembler::cancel)
                : Multi.createFrom().empty();
    }

    private GenerateResponse started() {
        return GenerateResponse.newBuilder()
                .setStarted(Started.newBuilder()
                        .setSessionId(description.id().toString())
                        .setModel(description.model())
                        .setPromptTokens(description.promptIds().size())
                        .setSeed(description.seed()))
                .build();
    }

    private boolean wanted(GenerateResponse response) {
        return !response.hasToken() || response.getToken().getPosition() >= nextPosition;
    }

    private void open(MultiEmitter<? super SampledToken> tokens) {
        LiveSession opened = new LiveSession(
                description.id().toString(), description.promptIds().size(), description.keepsOpen(), routing, tokens);
        session = opened;
        if (cancelled) {
            opened.complete();
            return;
        }
        call.mesh().sessions().add(opened);
        source.start(opened)
                .whenCompleteAsync(
                        (started, failure) -> {
                            if (failure != null) {
                                opened.fail(failure);
                            }
                        },
                        Generations.WAITING);
        if (released.get() && !kept) {
            // The client left while the session was being opened, and found nothing to close.
            call.mesh().sessions().remove(opened);
            end();
        }
    }

    /** A tokenizer elsewhere answers a failure of the tokens with one of its own, which says nothing. */
    private Throwable cause(Throwable failure) {
        Throwable cause = tokenFailure;
        return cause == null ? failure : cause;
    }

    private void delivered(GenerateResponse response) {
        LiveSession current = session;
        if (current != null && response.hasToken()) {
            current.delivered();
        }
    }

    /** A shard may be on its way back, so the session stays. */
    private Throwable silence() {
        LiveSession current = session;
        boolean unread = current != null && current.waits();
        Throwable problem = GrpcErrors.unavailable("%s for %d s%s. %s"
                .formatted(
                        unread ? "the client took no token" : "no token came",
                        call.tokenTimeout().toSeconds(),
                        unread ? "" : "; a shard may be lost",
                        description.keepsOpen()
                                ? "Begin a conversation with the messages so far"
                                : "Resume the session, or try again"));
        if (current != null) {
            current.abandon(problem);
        }
        return problem;
    }

    private void endAtStopText(GenerateResponse response) {
        LiveSession current = session;
        if (current != null && assembler.stopTextFound()) {
            current.complete();
        }
    }

    private void release() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        call.mesh().sessions().release(id().lane());
        if (kept) {
            return;
        }
        LiveSession current = session;
        if (description.keepsOpen()) {
            // Nobody can resume it, and the turn before may have left it with a listener of its own.
            call.mesh().sessions().forget(id().toString());
            if (current == null || !current.closed()) {
                end();
            }
        } else if (current != null) {
            call.mesh().sessions().remove(current);
            if (!current.closed() && !current.abandoned()) {
                end();
            }
        }
    }

    private void end() {
        if (assembler.stopTextFound()) {
            call.mesh().writer().conclude(id(), call.client().trace());
        } else if (!description.outlivesStream()) {
            call.mesh().writer().abandon(id(), call.client().trace());
        }
    }
}
