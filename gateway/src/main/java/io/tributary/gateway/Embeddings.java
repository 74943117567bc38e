package io.tributary.gateway;

import com.google.common.primitives.Floats;
import com.google.rpc.Code;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.EmbedResponse;
import io.tributary.proto.gateway.v1.Embedding;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Embeds texts, for one call.
 *
 * @param call the client's
 */
record Embeddings(ServedCall call) {
    private static final int MOST_TEXTS = 256;

    /**
     * Embeds the texts of a request, a few at a time.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field
     */
    Uni<EmbedResponse> embed(EmbedRequest request) {
        int count = request.getTextsCount();
        if (count < 1 || count > MOST_TEXTS) {
            throw GrpcErrors.invalidArgument("texts", "has %d texts; 1 to %d are allowed".formatted(count, MOST_TEXTS));
        }
        return call.mesh()
                .chain(mesh -> Multi.createFrom()
                        .range(0, count)
                        .onItem()
                        .transformToUni(index -> embedding(index, request.getTexts(index), count == 1, mesh)
                                .map(embedding -> new Numbered(index, embedding)))
                        .merge(call.configuration().embeddingConcurrency())
                        .collect()
                        .asList()
                        .map(embeddings -> response(mesh, embeddings)));
    }

    private record Numbered(int index, Embedding embedding) {}

    private static EmbedResponse response(Connected mesh, List<Numbered> embeddings) {
        EmbedResponse.Builder response =
                EmbedResponse.newBuilder().setModel(mesh.model().name());
        embeddings.stream()
                .sorted(Comparator.comparingInt(Numbered::index))
                .forEach(numbered -> response.addEmbeddings(numbered.embedding()));
        return response.build();
    }

    private Uni<Embedding> embedding(int index, String text, boolean interactive, Connected mesh) {
        return call.textIds("texts[%d]".formatted(index), text).chain(ids -> {
            var _ = mesh.model().tokensAllowed(ids.size(), OptionalInt.empty(), 1);
            return new PromptReadings(mesh, call.client(), call.configuration().tokenTimeout())
                    .embedding(ids, interactive)
                    .map(values -> Embedding.newBuilder()
                            .addAllValues(Floats.asList(ofUnitLength(values)))
                            .setTokens(ids.size())
                            .build());
        });
    }

    /**
     * The vector of length 1 in the same direction.
     *
     * @throws io.grpc.StatusRuntimeException INTERNAL if there is none
     */
    static float[] ofUnitLength(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
            throw GrpcErrors.of(
                    Code.INTERNAL,
                    "the model's hidden state has the length %s; it cannot be an embedding".formatted(length));
        }
        float[] scaled = new float[values.length];
        for (int index = 0; index < values.length; index++) {
            scaled[index] = (float) (values[index] / length);
        }
        return scaled;
    }
}
