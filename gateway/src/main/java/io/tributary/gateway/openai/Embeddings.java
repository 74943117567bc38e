package io.tributary.gateway.openai;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.EmbedResponse;
import io.tributary.proto.gateway.v1.Embedding;
import java.util.ArrayList;
import java.util.List;

/** `POST /v1/embeddings`: what a model makes of texts, as vectors of length 1. */
final class Embeddings implements Endpoint {
    /**
     * The answer.
     *
     * @param object `list`
     * @param data one a text, in order
     */
    record Response(String object, List<Item> data, String model, Usage usage) {}

    /**
     * The vector of one text.
     *
     * @param object `embedding`
     * @param embedding a list of numbers, or base64 text
     */
    record Item(String object, int index, Object embedding) {}

    @Override
    public Reply reply(Fields body, GatewayCalls calls) {
        EmbeddingRequest request = EmbeddingRequest.of(body);
        return new Document(calls.model(request.model())
                .chain(model -> texts(request, calls))
                .chain(texts ->
                        calls.embed(EmbedRequest.newBuilder().addAllTexts(texts).build()))
                .map(response -> response(request, response)));
    }

    private static Uni<List<String>> texts(EmbeddingRequest request, GatewayCalls calls) {
        return Multi.createFrom()
                .iterable(request.inputs())
                .onItem()
                .transformToUniAndConcatenate(input -> Completions.text(input, calls))
                .collect()
                .asList();
    }

    private static Response response(EmbeddingRequest request, EmbedResponse response) {
        List<Item> items = new ArrayList<>();
        int tokens = 0;
        for (Embedding embedding : response.getEmbeddingsList()) {
            EmbeddingVector vector = EmbeddingVector.of(embedding.getValuesList(), request.dimensions());
            items.add(new Item("embedding", items.size(), request.base64() ? vector.base64() : vector.values()));
            tokens += embedding.getTokens();
        }
        return new Response("list", items, response.getModel(), Usage.of(tokens, 0));
    }
}
