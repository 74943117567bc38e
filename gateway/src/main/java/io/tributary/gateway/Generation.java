package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.GrpcErrors;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One admitted request on its way: opens the session, turns its tokens into responses, and closes it however the stream
 * ends. For one subscriber.
 */
final class Generation {
    private static final Logger LOG = Logger.getLogger(Generation.class);

    private final Connected mesh;
    private final TokenizerService tokenizer;
    private final Admission admission;
    private final TraceContext trace;
    private final Executor inCall;
    private final Duration tokenTimeout;
    private final String sessionId = UUID.randomUUID().toString();
    private final TokenAssembler assembler;
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile int lane;
    private volatile @Nullable LiveSession session;

    /** @param inCall subscribes as a part of the client's call, so that its trace goes along */
    Generation(
            Connected mesh,
            TokenizerService tokenizer,
            Admission admission,
            TraceContext trace,
            Executor inCall,
            Duration tokenTimeout) {
        this.mesh = mesh;
        this.tokenizer = tokenizer;
        this.admission = admission;
        this.trace = trace;
        this.inCall = inCall;
        this.tokenTimeout = tokenTimeout;
        this.assembler =
                new TokenAssembler(admission.promptIds(), admission.request().stops());
    }

    /**
     * Started, a Token each, Finished. Takes a place at the gateway when subscribed to; fails as RESOURCE_EXHAUSTED if
     * there is none.
     */
    Multi<GenerateResponse> responses() {
        return Multi.createFrom().deferred(() -> {
            lane = mesh.sessions().admit();
            return stream().onTermination().invoke(this::release);
        });
    }

    private Multi<GenerateResponse> stream() {
        Multi<SampledToken> tokens = Multi.createFrom()
                .<SampledToken>emitter(this::open)
                .ifNoItem()
                .after(tokenTimeout)
                .failWith(() -> GrpcErrors.unavailable(
                        "no token came for " + tokenTimeout.toSeconds() + " s; a shard may be lost. Try again"));
        Multi<GenerateResponse> assembled = tokenizer
                .decodeIncrementally(tokens.map(assembler::decodingOf))
                .runSubscriptionOn(inCall)
                .onItem()
                .transformToIterable(assembler::assemble)
                .onItem()
                .invoke(this::endAtStopText);
        return Multi.createBy().concatenating().streams(Multi.createFrom().item(this::started), assembled);
    }

    private GenerateResponse started() {
        return GenerateResponse.newBuilder()
                .setStarted(Started.newBuilder()
                        .setSessionId(sessionId)
                        .setModel(mesh.model().name())
                        .setPromptTokens(admission.promptIds().size())
                        .setSeed(admission.request().sampling().seed()))
                .build();
    }

    private void open(MultiEmitter<? super SampledToken> tokens) {
        LiveSession opened =
                new LiveSession(sessionId, lane, admission.promptIds().size(), tokens);
        session = opened;
        mesh.sessions().add(opened);
        mesh.writer().open(opened, admission, trace).whenComplete((offset, failure) -> {
            if (failure != null) {
                opened.fail(failure);
            }
        });
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
        mesh.sessions().release(lane);
        LiveSession current = session;
        if (current == null) {
            return;
        }
        mesh.sessions().remove(current);
        if (!current.ended()) {
            close(current);
        }
    }

    private void close(LiveSession current) {
        CloseReason reason =
                assembler.stopTextFound() ? CloseReason.CLOSE_REASON_FINISHED : CloseReason.CLOSE_REASON_CANCELLED;
        mesh.writer().close(current, reason, trace).whenComplete((offset, failure) -> {
            if (failure != null) {
                LOG.warnf("session %s could not be closed; its shards free it when idle: %s", sessionId, failure);
            }
        });
    }
}
