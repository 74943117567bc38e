package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.ClientDemand;
import io.tributary.edge.GrpcErrors;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One session on its way to one client: turns its tokens into responses, and ends it when the stream ends early. For one
 * subscriber.
 */
final class Generation {
    private static final Logger LOG = Logger.getLogger(Generation.class);

    /** Where the tokens come from, once there is somebody to give them to. */
    interface Source {
        /** Lets the session's tokens come; fails if they will not. */
        CompletionStage<?> start(LiveSession session);
    }

    private final Connected mesh;
    private final TokenizerService tokenizer;
    private final SessionDescription description;
    private final Source source;
    private final int nextPosition;
    private final TraceContext trace;
    private final Executor inCall;
    private final ClientDemand demand;
    private final Duration tokenTimeout;
    private final TokenAssembler assembler;
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile @Nullable LiveSession session;
    private volatile @Nullable Throwable tokenFailure;

    /**
     * @param nextPosition tokens before it are not wanted
     * @param inCall subscribes as a part of the client's call, so that its trace goes along
     * @param demand of the client
     */
    Generation(
            Connected mesh,
            TokenizerService tokenizer,
            SessionDescription description,
            Source source,
            int nextPosition,
            TraceContext trace,
            Executor inCall,
            ClientDemand demand,
            Duration tokenTimeout) {
        this.mesh = mesh;
        this.tokenizer = tokenizer;
        this.description = description;
        this.source = source;
        this.nextPosition = nextPosition;
        this.trace = trace;
        this.inCall = inCall;
        this.demand = demand;
        this.tokenTimeout = tokenTimeout;
        this.assembler = new TokenAssembler(description.promptIds(), description.stops());
    }

    /** Started, a Token each, Finished. The place that the session has at the gateway is given back at the end. */
    Multi<GenerateResponse> responses() {
        return stream().onTermination().invoke(this::release);
    }

    private Multi<GenerateResponse> stream() {
        Multi<SampledToken> tokens = Multi.createFrom()
                .<SampledToken>emitter(this::open)
                .ifNoItem()
                .after(tokenTimeout)
                .recoverWithMulti(() -> Multi.createFrom().failure(this::silence))
                .onFailure()
                .invoke(failure -> tokenFailure = failure);
        Multi<GenerateResponse> assembled = tokenizer
                .decodeIncrementally(tokens.map(assembler::decodingOf))
                .runSubscriptionOn(inCall)
                .onItem()
                .transformToIterable(assembler::assemble)
                .onItem()
                .invoke(this::endAtStopText)
                .onItem()
                .call(demand::next)
                .onFailure()
                .transform(this::cause)
                .onItem()
                .invoke(this::delivered)
                .select()
                .where(this::wanted);
        return Multi.createBy().concatenating().streams(Multi.createFrom().item(this::started), assembled);
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
                description.id().toString(),
                description.id().lane(),
                description.promptIds().size(),
                tokens);
        session = opened;
        mesh.sessions().add(opened);
        source.start(opened).whenComplete((started, failure) -> {
            if (failure != null) {
                opened.fail(failure);
            }
        });
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
        Throwable problem =
                GrpcErrors.unavailable("no token came for %d s; a shard may be lost. Resume the session, or try again"
                        .formatted(tokenTimeout.toSeconds()));
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
        mesh.sessions().release(description.id().lane());
        LiveSession current = session;
        if (current == null) {
            return;
        }
        mesh.sessions().remove(current);
        if (current.ended() || current.abandoned()) {
            return;
        }
        if (assembler.stopTextFound()) {
            report(mesh.writer().finish(description.id(), trace));
        } else if (!description.outlivesStream()) {
            report(mesh.writer().cancel(description.id(), trace));
        }
    }

    private void report(CompletionStage<Long> closing) {
        closing.whenComplete((offset, failure) -> {
            if (failure != null) {
                LOG.warnf(
                        "session %s could not be closed; its shards free it when idle: %s", description.id(), failure);
            }
        });
    }
}
