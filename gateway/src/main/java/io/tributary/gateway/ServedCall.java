package io.tributary.gateway;

import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.GenerationRequest.Conversation;
import io.tributary.gateway.GenerationRequest.TextPrompt;
import io.tributary.gateway.GenerationRequest.TokenPrompt;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import java.util.List;

/**
 * One client's call, and what serves it.
 *
 * @param client the call
 * @param connection to the mesh
 * @param services that the gateway calls
 * @param configuration limits and habits
 */
record ServedCall(
        ClientCall client, MeshConnection connection, MeshServices services, GatewayConfiguration configuration) {
    /** The mesh; fails as UNAVAILABLE if it does not answer. */
    Uni<Connected> mesh() {
        return connection.connection();
    }

    /** The tokenizer. */
    TokenizerCalls tokenizer() {
        return new TokenizerCalls(services.tokenizer(), client.inCall(), configuration.callTimeout());
    }

    /** What starts streams of the call. */
    Generations generations(Connected mesh) {
        return new Generations(mesh, services.tokenizer(), client, configuration.tokenTimeout());
    }

    /** The request with its prompt as ids; fails if it does not fit the model. */
    Uni<Admission> admission(GenerationRequest request, Connected mesh) {
        ServedModel model = mesh.model();
        model.checkIds("sampling.logit_bias", request.sampling().biasedIds());
        return promptIds(request, model)
                .map(ids -> new Admission(
                        request,
                        ids,
                        model.tokensAllowed(ids.size(), request.maximalTokens(), configuration.defaultMaxTokens())));
    }

    private Uni<List<Integer>> promptIds(GenerationRequest request, ServedModel model) {
        return switch (request.prompt()) {
            case TokenPrompt given -> {
                model.checkIds("prompt_tokens", given.ids());
                yield Uni.createFrom().item(given.ids());
            }
            case TextPrompt text -> textIds("prompt", text.text());
            case Conversation conversation ->
                tokenizer()
                        .render(conversation.chat())
                        .map(ApplyChatTemplateResponse::getIdsList)
                        .invoke(ids -> requireSomething("chat", ids));
        };
    }

    /**
     * The ids of a text, with what the model expects in front of it.
     *
     * @param field of the request that it is from
     */
    Uni<List<Integer>> textIds(String field, String text) {
        return tokenizer().encode(text, true).invoke(ids -> requireSomething(field, ids));
    }

    private static void requireSomething(String field, List<Integer> ids) {
        if (ids.isEmpty()) {
            throw GrpcErrors.invalidArgument(
                    field, "is empty, and the model has no token that begins a text; at least one token is needed");
        }
    }
}
