package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.log.SessionId;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Starts the streams of one call: of sessions that it opens, or of one that was opened before.
 *
 * @param mesh what the gateway is connected to
 * @param tokenizer turns tokens into text
 * @param client the client's call
 * @param tokenTimeout a stream that sees no token for so long ends
 */
record Generations(Connected mesh, TokenizerService tokenizer, ClientCall client, Duration tokenTimeout) {
    /** For what follows an append: the log's own thread could wait for itself in a further one. */
    static final Executor WAITING =
            task -> Thread.ofVirtual().name("tributary-session").start(task);

    /** The stream of a new session. It takes a place when subscribed to; fails as RESOURCE_EXHAUSTED if there is none. */
    Multi<GenerateResponse> open(Admission admission) {
        return Multi.createFrom().deferred(() -> {
            SessionId id = mesh.admit(admission.positions());
            return opened(SessionDescription.of(id, admission, mesh.model().name()), admission);
        });
    }

    /** The client hears of its session only when another gateway could go on with it. */
    private Multi<GenerateResponse> opened(SessionDescription description, Admission admission) {
        SessionId id = description.id();
        OpenSession opening = Openings.generation(mesh.model(), admission);
        Generation.Source source = session -> mesh.writer().open(id, opening, admission.promptIds(), client.trace());
        return Uni.createFrom()
                .completionStage(() -> mesh.writer().start(description, client.trace()))
                // Not on the log's own thread, on which a further append could wait for itself.
                .emitOn(WAITING)
                .onFailure()
                .invoke(failure -> mesh.sessions().release(id.lane()))
                .onCancellation()
                .invoke(() -> mesh.sessions().release(id.lane()))
                .onItem()
                .transformToMulti(offset -> new Generation(this, description, source, 0).responses());
    }

    /** The stream of a session that was opened before, from a position on; fails as NOT_FOUND if there is no such session. */
    Multi<GenerateResponse> resume(SessionId id, int nextPosition) {
        LongSupplier end = () -> mesh.reader().end(id.lane());
        return Uni.createFrom()
                .item(() -> mesh.archive().find(id, end))
                .runSubscriptionOn(WAITING)
                .onItem()
                .transformToMulti(description -> {
                    mesh.sessions().readmit(id.lane());
                    return new Generation(this, description, session -> replay(id, session, end), nextPosition)
                            .responses();
                });
    }

    private CompletionStage<?> replay(SessionId id, LiveSession session, LongSupplier end) {
        return CompletableFuture.runAsync(() -> mesh.archive().replay(id, session, end), WAITING)
                .exceptionally(failure -> {
                    session.abandon(failure);
                    return null;
                });
    }

    /**
     * A session for a conversation, which stays when its answer has come to its end. It has a place from now on.
     *
     * @param mostPositions that it may have, over all turns
     */
    Generation converse(Admission admission, int mostPositions) {
        SessionId id = mesh.admit(admission.positions());
        OpenSession opening = Openings.conversation(mesh.model(), admission, mostPositions);
        return new Generation(
                this,
                SessionDescription.ofTurn(id, admission, mesh.model().name()),
                session -> mesh.writer().open(id, opening, admission.promptIds(), client.trace()),
                0);
    }

    /** The next turn of a conversation's session, which has a place. */
    Generation proceed(KeptSession kept, Admission admission) {
        SessionDescription description = SessionDescription.ofTurn(
                kept.sessionId(), admission, mesh.model().name());
        return new Generation(this, description, session -> kept.proceed(mesh.writer(), admission, client.trace()), 0);
    }

    /**
     * The id that a client sent.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it is none
     */
    static SessionId idOf(String text) {
        return SessionId.parse(text)
                .orElseThrow(() -> GrpcErrors.invalidArgument(
                        "session_id",
                        "is \"%s\"; Started.session_id of an earlier stream is needed"
                                .formatted(text.length() <= 80 ? text : text.substring(0, 80) + "...")));
    }
}
