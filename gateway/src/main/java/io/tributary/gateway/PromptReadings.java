package io.tributary.gateway;

import com.google.rpc.Code;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.log.SessionId;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.TokenScore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that only read a prompt, for one call.
 *
 * @param mesh what the gateway is connected to
 * @param client the client's call
 * @param timeout a session of which nothing is heard for so long is given up
 */
record PromptReadings(Connected mesh, ClientCall client, Duration timeout) {
    /** The scores of all tokens of a prompt but the first; the prompt has at least two. */
    Uni<List<TokenScore>> scores(List<Integer> ids, int topLogprobs) {
        OpenSession opening = Openings.scoring(mesh.model(), ids.size(), SamplingRequest.greedy(topLogprobs));
        return records(opening, ids)
                .collect()
                .in(() -> new PromptScoreTable(ids.size()), (table, said) -> table.add(said.getPromptScores()))
                .map(table -> table.complete().orElseThrow(PromptReadings::unanswered));
    }

    /**
     * The embedding of a prompt, as the model gives it.
     *
     * @param interactive whether somebody waits for it
     */
    Uni<float[]> embedding(List<Integer> ids, boolean interactive) {
        return records(Openings.embedding(mesh.model(), ids.size(), interactive), ids)
                .select()
                .where(TokenRecord::hasPromptEmbedding)
                .collect()
                .last()
                .onItem()
                .ifNull()
                .failWith(PromptReadings::unanswered)
                .map(said -> floats(said.getPromptEmbedding().getEmbedding().asReadOnlyByteBuffer()));
    }

    private static float[] floats(ByteBuffer bytes) {
        FloatBuffer buffer = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static RuntimeException unanswered() {
        return GrpcErrors.of(
                Code.INTERNAL, "the last stage did not say what was asked of the prompt; is it of the same version?");
    }

    /** What the last stage says of the prompt. The session has a place while the stream has a subscriber. */
    private Multi<TokenRecord> records(OpenSession opening, List<Integer> ids) {
        return Multi.createFrom().deferred(() -> {
            SessionId id = mesh.admit(ids.size() + opening.getMaxTokens());
            AtomicReference<@Nullable PromptListener> listener = new AtomicReference<>();
            AtomicBoolean over = new AtomicBoolean();
            return Multi.createFrom()
                    .<TokenRecord>emitter(records -> {
                        PromptListener opened = new PromptListener(id.toString(), records);
                        listener.set(opened);
                        open(id, opening, ids, opened);
                        if (over.get()) {
                            // The client left while the session was being opened, and found nothing to close.
                            close(id, opened);
                        }
                    })
                    .ifNoItem()
                    .after(timeout)
                    .failWith(() -> GrpcErrors.unavailable(
                            "nothing was heard of the prompt for %d s; a shard may be lost. Try again"
                                    .formatted(timeout.toSeconds())))
                    .onTermination()
                    .invoke(() -> {
                        if (over.compareAndSet(false, true)) {
                            mesh.sessions().release(id.lane());
                            PromptListener opened = listener.get();
                            if (opened != null) {
                                close(id, opened);
                            }
                        }
                    });
        });
    }

    private void open(SessionId id, OpenSession opening, List<Integer> ids, PromptListener listener) {
        mesh.sessions().add(listener);
        mesh.writer()
                .open(id, opening, ids, client.trace())
                .whenCompleteAsync(
                        (opened, failure) -> {
                            if (failure != null) {
                                listener.abandon(failure);
                            }
                        },
                        Generations.WAITING);
    }

    private void close(SessionId id, PromptListener listener) {
        mesh.sessions().remove(listener);
        if (!listener.closed()) {
            mesh.writer().abandon(id, client.trace());
        }
    }
}
