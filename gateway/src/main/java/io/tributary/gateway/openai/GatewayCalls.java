package io.tributary.gateway.openai;

import io.grpc.Context;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.EmbedResponse;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.ListModelsResponse;
import io.tributary.proto.gateway.v1.Model;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc.GatewayServiceImplBase;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The calls of the gRPC contract that one HTTP request makes, in this JVM.
 *
 * @param gateway answers them
 * @param models what it serves, as far as it was asked already
 * @param context what gRPC would have taken from the metadata of each, such as its trace
 */
record GatewayCalls(GatewayServiceImplBase gateway, KnownModels models, Context context) {
    Multi<GenerateResponse> generate(GenerateRequest request) {
        return Multi.createFrom().deferred(() -> inContext(() -> gateway.generate(request)));
    }

    Uni<EmbedResponse> embed(EmbedRequest request) {
        return Uni.createFrom().deferred(() -> inContext(() -> gateway.embed(request)));
    }

    Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
        return Uni.createFrom().deferred(() -> inContext(() -> gateway.tokenize(request)));
    }

    Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
        return Uni.createFrom().deferred(() -> inContext(() -> gateway.detokenize(request)));
    }

    /** The models that are served. */
    Uni<List<Model>> served() {
        return Uni.createFrom()
                .deferred(() -> inContext(() -> gateway.listModels(ListModelsRequest.getDefaultInstance())))
                .map(ListModelsResponse::getModelsList);
    }

    /** The model of that name, or the only one; fails with status 404 if there is none. */
    Uni<Model> model(Optional<String> name) {
        return models.get(this::served)
                .map(served -> served.stream()
                        .filter(model -> name.isEmpty() || name.get().equals(model.getName()))
                        .findFirst()
                        .orElseThrow(() -> notServed(name.orElse(""), served)));
    }

    private static OpenAiException notServed(String name, List<Model> models) {
        String shown = name.length() <= 80 ? name : name.substring(0, 80) + "...";
        String served = String.join(", ", models.stream().map(Model::getName).toList());
        return new OpenAiException(new OpenAiError(
                404,
                "the model \"%s\" is not served here; served: %s".formatted(shown, served),
                OpenAiError.INVALID_REQUEST,
                "model",
                "model_not_found",
                null));
    }

    private <T> T inContext(Supplier<T> call) {
        Context before = context.attach();
        try {
            return call.get();
        } finally {
            context.detach(before);
        }
    }
}
