package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.edge.GrpcErrors;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.GenerationRequest.Conversation;
import io.tributary.gateway.GenerationRequest.TextPrompt;
import io.tributary.gateway.GenerationRequest.TokenPrompt;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.gateway.access.QuotaLease;
import io.tributary.gateway.access.Quotas;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import java.util.List;
import java.util.Optional;

/**
 * One client's call, and what serves it.
 *
 * @param client the call
 * @param connection to the mesh
 * @param services that the gateway calls
 * @param configuration limits and habits
 * @param quotas what callers may use
 * @param observation of requests
 */
record ServedCall(
        ClientCall client,
        MeshConnection connection,
        MeshServices services,
        GatewayConfiguration configuration,
        Quotas quotas,
        RequestObservation observation) {
    /** The same call, but what it calls belongs to that trace. */
    ServedCall within(TraceContext span) {
        return new ServedCall(client.within(span), connection, services, configuration, quotas, observation);
    }

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

    /** What reads prompts for the call. */
    PromptReadings readings(Connected mesh) {
        return new PromptReadings(mesh, client, configuration.tokenTimeout());
    }

    /**
     * Work without an answer of the model, held to what the caller may use.
     *
     * @param longestPrompt tokens of the longest prompt
     * @param promptTokens of all prompts
     */
    <T> Uni<T> leased(int longestPrompt, int promptTokens, Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            QuotaLease lease = quotas.admit(client.caller(), longestPrompt, promptTokens, 0);
            return work.onTermination().invoke(() -> lease.close(false));
        });
    }

    /** The request with its prompt as ids; fails if it does not fit the model. */
    Uni<Admission> admission(GenerationRequest request, Connected mesh) {
        ServedModel model = mesh.model();
        model.requireGeneration();
        if (request.reportsRouting()) {
            model.requireExperts("reports_routing");
        }
        model.checkIds("sampling.logit_bias", request.sampling().biasedIds());
        int otherwise = quotas.defaultMaximalTokens(client.caller(), configuration.defaultMaxTokens());
        return checked(request.sampling().constraint())
                .chain(checked -> promptIds(request, model))
                .map(ids -> new Admission(
                        request, ids, model.tokensAllowed(ids.size(), request.maximalTokens(), otherwise)));
    }

    private static Uni<Void> checked(Optional<TextConstraint> constraint) {
        return constraint.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom()
                        .item(constraint.get())
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .invoke(TextConstraint::check)
                        .replaceWithVoid();
    }

    /** The stream of what was admitted, held to what the caller may use. */
    Multi<GenerateResponse> metered(Admission admission, Multi<GenerateResponse> responses) {
        return quotas.metered(
                client.caller(),
                admission.promptIds().size(),
                admission.maximalTokens(),
                admission.request().outlivesStream(),
                responses);
    }

    /** As {@link #metered}, for a turn of a conversation, which has its place already. */
    Multi<GenerateResponse> charged(Admission admission, Multi<GenerateResponse> responses) {
        return quotas.charged(client.caller(), admission.promptIds().size(), admission.maximalTokens(), responses);
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
