package io.tributary.cli;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.ListModelsResponse;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc.MutinyGatewayServiceStub;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The gateways of one mesh: a generation goes on at the next one if its gateway is lost, each conversation begins at the next one,
 * and other calls are made at the first one that answers.
 */
final class RemoteGateways implements GatewayCalls {
    private final List<RemoteGateway> gateways;
    private final AtomicInteger conversations = new AtomicInteger();

    /** @param gateways at least one */
    RemoteGateways(List<RemoteGateway> gateways) {
        this.gateways = List.copyOf(gateways);
    }

    @Override
    public Multi<GenerateResponse> generate(GenerateRequest request) {
        return new ResumingStream(gateways).generate(request);
    }

    @Override
    public Multi<ChatResponse> chat(Multi<ChatRequest> requests) {
        RemoteGateway next = gateways.get(Math.floorMod(conversations.getAndIncrement(), gateways.size()));
        return next.stub().chat(requests).onFailure().transform(next::named);
    }

    @Override
    public Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
        return ask(stub -> stub.tokenize(request));
    }

    @Override
    public Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
        return ask(stub -> stub.detokenize(request));
    }

    @Override
    public Uni<ListModelsResponse> listModels(ListModelsRequest request) {
        return ask(stub -> stub.listModels(request));
    }

    private <T> Uni<T> ask(Function<MutinyGatewayServiceStub, Uni<T>> call) {
        Uni<T> answer = ask(gateways.getFirst(), call);
        for (RemoteGateway next : gateways.subList(1, gateways.size())) {
            answer = answer.onFailure(LostConnectionException.class).recoverWithUni(() -> ask(next, call));
        }
        return answer;
    }

    private static <T> Uni<T> ask(RemoteGateway gateway, Function<MutinyGatewayServiceStub, Uni<T>> call) {
        return call.apply(gateway.stub()).onFailure().transform(gateway::named);
    }
}
