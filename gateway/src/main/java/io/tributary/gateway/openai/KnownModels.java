package io.tributary.gateway.openai;

import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.Model;
import java.util.List;
import java.util.function.Supplier;

/** The models of a gateway, which stay the same once it serves any: they need not be asked for with each request. */
final class KnownModels {
    private volatile List<Model> known = List.of();

    /** @param question asks for them, if they are not known */
    Uni<List<Model>> get(Supplier<Uni<List<Model>>> question) {
        return Uni.createFrom().deferred(() -> {
            List<Model> models = known;
            return models.isEmpty()
                    ? question.get().invoke(served -> known = served)
                    : Uni.createFrom().item(models);
        });
    }
}
