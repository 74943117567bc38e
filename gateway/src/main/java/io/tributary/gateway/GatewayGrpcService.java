package io.tributary.gateway;

import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.LateParsing;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.RequestObservation.Reading;
import io.tributary.gateway.access.Quotas;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.CancelResponse;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.EmbedResponse;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.ListModelsResponse;
import io.tributary.proto.gateway.v1.Model;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.gateway.v1.ScoreRequest;
import io.tributary.proto.gateway.v1.ScoreResponse;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import io.tributary.proto.tokenizer.v1.ChatTemplateSource;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.function.Function;

/** What clients call: checks a request, admits it, and answers it. */
@GrpcService
public class GatewayGrpcService extends MutinyGatewayServiceGrpc.GatewayServiceImplBase {
    private final SecureRandom seeds = new SecureRandom();
    private final MeshConnection connection;
    private final MeshServices services;
    private final GatewayConfiguration configuration;
    private final Quotas quotas;
    private final RequestObservation observation;
    private final Conversations conversations;

    @Inject
    GatewayGrpcService(
            MeshConnection connection,
            MeshServices services,
            GatewayConfiguration configuration,
            Quotas quotas,
            RequestObservation observation) {
        this.connection = connection;
        this.services = services;
        this.configuration = configuration;
        this.quotas = quotas;
        this.observation = observation;
        this.conversations = new Conversations(configuration.maxConversations(), seeds);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return LateParsing.of(super.bindService());
    }

    @Override
    public Multi<GenerateResponse> generate(GenerateRequest request) {
        return observation.generation(call(), request.hasChat(), observed -> generate(request, observed));
    }

    private Multi<GenerateResponse> generate(GenerateRequest request, ObservedRequest observed) {
        ServedCall call = observed.call();
        return stream(Uni.createFrom()
                        .item(() -> GenerationRequest.of(request, seeds))
                        .chain(checked -> call.mesh()
                                .chain(mesh -> call.admission(checked, mesh)
                                        .invoke(observed::admitted)
                                        .map(admission -> call.metered(
                                                admission,
                                                call.generations(mesh).open(admission))))))
                .invoke(observed::response);
    }

    @Override
    public Multi<GenerateResponse> resume(ResumeRequest request) {
        return observation.resumption(call(), observed -> resume(request, observed));
    }

    private Multi<GenerateResponse> resume(ResumeRequest request, ObservedRequest observed) {
        ServedCall call = observed.call();
        return stream(Uni.createFrom()
                        .item(() -> Generations.idOf(request.getSessionId()))
                        .chain(id -> call.mesh()
                                .map(mesh -> quotas.place(
                                        call.client().caller(),
                                        call.generations(mesh).resume(id, request.getNextPosition())))))
                .invoke(observed::response);
    }

    @Override
    public Uni<CancelResponse> cancel(CancelRequest request) {
        TraceContext trace = TraceContext.current();
        return answer(call -> Uni.createFrom()
                .item(() -> Generations.idOf(request.getSessionId()))
                .chain(id -> call.mesh()
                        .chain(mesh -> Uni.createFrom()
                                .completionStage(() -> mesh.writer().cancel(id, trace))))
                .ifNoItem()
                .after(configuration.callTimeout())
                .fail()
                .map(closed -> CancelResponse.getDefaultInstance()));
    }

    @Override
    public Multi<ChatResponse> chat(Multi<ChatRequest> requests) {
        return conversations.begin(call(), requests).onFailure().transform(GatewayErrors::translate);
    }

    @Override
    public Uni<ScoreResponse> score(ScoreRequest request) {
        return answer(call -> observation.reading(call, Reading.SCORES, traced -> new Scoring(traced).score(request)));
    }

    @Override
    public Uni<EmbedResponse> embed(EmbedRequest request) {
        return answer(
                call -> observation.reading(call, Reading.EMBEDDING, traced -> new Embeddings(traced).embed(request)));
    }

    @Override
    public Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
        return answer(call -> new Tokenization(call).tokenize(request));
    }

    @Override
    public Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
        return answer(call -> new Tokenization(call).detokenize(request));
    }

    @Override
    public Uni<ListModelsResponse> listModels(ListModelsRequest request) {
        return answer(call -> call.mesh()
                .chain(mesh -> call.tokenizer()
                        .describe()
                        .map(tokenizer -> ListModelsResponse.newBuilder()
                                .addModels(model(
                                        mesh.model(),
                                        tokenizer.getChatTemplate()
                                                != ChatTemplateSource.CHAT_TEMPLATE_SOURCE_UNSPECIFIED))
                                .build())));
    }

    private static Model model(ServedModel model, boolean hasChatTemplate) {
        return Model.newBuilder()
                .setName(model.name())
                .setFingerprint(model.fingerprint())
                .setContextLength(model.contextLength())
                .setVocabularySize(model.vocabularySize())
                .setHasChatTemplate(hasChatTemplate)
                .build();
    }

    private ServedCall call() {
        return new ServedCall(ClientCall.current(), connection, services, configuration, quotas, observation);
    }

    private static <T> Multi<T> stream(Uni<Multi<T>> responses) {
        return responses.onItem().transformToMulti(stream -> stream).onFailure().transform(GatewayErrors::translate);
    }

    private <T> Uni<T> answer(Function<ServedCall, Uni<T>> work) {
        ServedCall call = call();
        return Uni.createFrom().deferred(() -> work.apply(call)).onFailure().transform(GatewayErrors::translate);
    }
}
