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
import java.util.function.IntFunction;

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
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field; RESOURCE_EXHAUSTED if a text exceeds the
     *     context
     */
    Uni<EmbedResponse> embed(EmbedRequest request) {
        int count = request.getTextsCount();
        if (count < 1 || count > MOST_TEXTS) {
            throw GrpcErrors.invalidArgument("texts", "has %d texts; 1 to %d are allowed".formatted(count, MOST_TEXTS));
        }
        return call.mesh()
                .chain(mesh -> each(count, index -> ids(index, request.getTexts(index), mesh))
                        .chain(texts -> call.leased(longest(texts), all(texts), embeddings(texts, mesh)))
                        .map(embeddings -> EmbedResponse.newBuilder()
                                .setModel(mesh.model().name())
                                .addAllEmbeddings(embeddings)
                                .build()));
    }

    private Uni<List<Integer>> ids(int index, String text, Connected mesh) {
        return call.textIds("texts[%d]".formatted(index), text).invoke(ids -> {
            var _ = mesh.model().tokensAllowed(ids.size(), OptionalInt.empty(), 1);
        });
    }

    private static int longest(List<List<Integer>> texts) {
        return texts.stream().mapToInt(List::size).max().orElse(0);
    }

    private static int all(List<List<Integer>> texts) {
        return texts.stream().mapToInt(List::size).sum();
    }

    private Uni<List<Embedding>> embeddings(List<List<Integer>> texts, Connected mesh) {
        boolean interactive = texts.size() == 1;
        return each(
                texts.size(),
                index -> call.readings(mesh)
                        .embedding(texts.get(index), interactive)
                        .map(values -> Embedding.newBuilder()
                                .addAllValues(Floats.asList(ofUnitLength(values)))
                                .setTokens(texts.get(index).size())
                                .build()));
    }

    private record Numbered<T>(int index, T item) {}

    /** What comes of each number from 0 on, in their order, a few at a time. */
    private <T> Uni<List<T>> each(int count, IntFunction<Uni<T>> work) {
        return Multi.createFrom()
                .range(0, count)
                .onItem()
                .transformToUni(index -> work.apply(index).map(item -> new Numbered<>(index, item)))
                .merge(call.configuration().embeddingConcurrency())
                .collect()
                .asList()
                .map(items -> items.stream()
                        .sorted(Comparator.comparingInt(Numbered::index))
                        .map(Numbered::item)
                        .toList());
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
