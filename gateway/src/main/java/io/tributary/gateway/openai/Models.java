package io.tributary.gateway.openai;

import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.Model;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** `GET /v1/models` and `GET /v1/models/{id}`: the models that are served. */
final class Models {
    private final long since = Instant.now().getEpochSecond();

    /**
     * All models.
     *
     * @param object `list`
     */
    record Response(String object, List<Item> data) {}

    /**
     * One model.
     *
     * @param id its name in requests
     * @param object `model`
     * @param created when this gateway started, in seconds since 1970
     * @param maxModelLen positions of its context
     */
    record Item(String id, String object, long created, String ownedBy, int maxModelLen) {}

    Uni<Response> all(GatewayCalls calls) {
        return calls.served()
                .map(models ->
                        new Response("list", models.stream().map(this::item).toList()));
    }

    Uni<Item> named(String name, GatewayCalls calls) {
        return calls.model(Optional.of(name)).map(this::item);
    }

    private Item item(Model model) {
        return new Item(model.getName(), "model", since, "tributary", model.getContextLength());
    }
}
