package io.tributary.gateway;

import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.ClientDemand;
import io.tributary.edge.GrpcErrors;
import io.tributary.edge.LateParsing;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.GenerationRequest.Conversation;
import io.tributary.gateway.GenerationRequest.TextPrompt;
import io.tributary.gateway.GenerationRequest.TokenPrompt;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.gateway.access.Caller;
import io.tributary.gateway.access.Quotas;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.CancelResponse;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import io.tributary.proto.tokenizer.v1.EncodeRequest;
import io.tributary.proto.tokenizer.v1.EncodeResponse;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;

/** What clients call: checks a request, admits it, and streams its tokens. */
@GrpcService
public class GatewayGrpcService extends MutinyGatewayServiceGrpc.GatewayServiceImplBase {
    private final SecureRandom seeds = new SecureRandom();
    private final MeshConnection connection;
    private final MeshServices services;
    private final GatewayConfiguration configuration;
    private final Quotas quotas;

    @Inject
    GatewayGrpcService(
            MeshConnection connection, MeshServices services, GatewayConfiguration configuration, Quotas quotas) {
        this.connection = connection;
        this.services = services;
        this.configuration = configuration;
        this.quotas = quotas;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return LateParsing.of(super.bindService());
    }

    @Override
    public Multi<GenerateResponse> generate(GenerateRequest request) {
        Call call = Call.current();
        return Uni.createFrom()
                .item(() -> GenerationRequest.of(request, seeds))
                .chain(checked -> connection
                        .connection()
                        .chain(mesh -> promptIds(checked, mesh, call.executor())
                                .map(ids -> metered(mesh, call, admission(checked, mesh, ids, call.caller())))))
                .onItem()
                .transformToMulti(responses -> responses)
                .onFailure()
                .transform(GatewayErrors::translate);
    }

    @Override
    public Multi<GenerateResponse> resume(ResumeRequest request) {
        Call call = Call.current();
        return Uni.createFrom()
                .item(() -> Generations.idOf(request.getSessionId()))
                .chain(id -> connection
                        .connection()
                        .map(mesh -> quotas.place(
                                call.caller(), generations(mesh, call).resume(id, request.getNextPosition()))))
                .onItem()
                .transformToMulti(responses -> responses)
                .onFailure()
                .transform(GatewayErrors::translate);
    }

    @Override
    public Uni<CancelResponse> cancel(CancelRequest request) {
        TraceContext trace = TraceContext.current();
        return Uni.createFrom()
                .item(() -> Generations.idOf(request.getSessionId()))
                .chain(id -> connection
                        .connection()
                        .chain(mesh -> Uni.createFrom()
                                .completionStage(() -> mesh.writer().cancel(id, trace))))
                .ifNoItem()
                .after(configuration.callTimeout())
                .fail()
                .map(closed -> CancelResponse.getDefaultInstance())
                .onFailure()
                .transform(GatewayErrors::translate);
    }

    /** What belongs to the call that is being served, taken while its thread serves it. */
    private record Call(Executor executor, TraceContext trace, ClientDemand demand, Caller caller) {
        static Call current() {
            return new Call(
                    Context.current().fixedContextExecutor(Runnable::run),
                    TraceContext.current(),
                    ClientDemand.current(),
                    Caller.current());
        }
    }

    private Generations generations(Connected mesh, Call call) {
        return new Generations(
                mesh, services.tokenizer(), call.trace(), call.executor(), call.demand(), configuration.tokenTimeout());
    }

    private Multi<GenerateResponse> metered(Connected mesh, Call call, Admission admission) {
        return quotas.metered(
                call.caller(),
                admission.promptIds().size(),
                admission.maximalTokens(),
                admission.request().outlivesStream(),
                generations(mesh, call).open(admission));
    }

    private Admission admission(GenerationRequest request, Connected mesh, List<Integer> ids, Caller caller) {
        int otherwise = quotas.defaultMaximalTokens(caller, configuration.defaultMaxTokens());
        int maximalTokens = mesh.model().tokensAllowed(ids.size(), request.maximalTokens(), otherwise);
        return new Admission(request, ids, maximalTokens);
    }

    /** @param inCall subscribes as a part of the call that is being served, so that its trace goes along */
    private Uni<List<Integer>> promptIds(GenerationRequest request, Connected mesh, Executor inCall) {
        return switch (request.prompt()) {
            case TokenPrompt given -> {
                mesh.model().checkIds(given.ids());
                yield Uni.createFrom().item(given.ids());
            }
            case TextPrompt text ->
                ids(
                        services.tokenizer()
                                .encode(EncodeRequest.newBuilder()
                                        .setText(text.text())
                                        .setAddSpecialTokens(true)
                                        .build())
                                .map(EncodeResponse::getIdsList),
                        inCall);
            case Conversation conversation ->
                ids(
                        services.tokenizer()
                                .applyChatTemplate(ChatRendering.of(conversation.chat()))
                                .map(ApplyChatTemplateResponse::getIdsList),
                        inCall);
        };
    }

    private Uni<List<Integer>> ids(Uni<List<Integer>> answer, Executor inCall) {
        return answer.runSubscriptionOn(inCall)
                .ifNoItem()
                .after(configuration.callTimeout())
                .fail()
                .invoke(GatewayGrpcService::requireSomething);
    }

    private static void requireSomething(List<Integer> ids) {
        if (ids.isEmpty()) {
            throw GrpcErrors.invalidArgument(
                    "prompt", "is empty, and the model has no token that begins a text; at least one token is needed");
        }
    }
}
