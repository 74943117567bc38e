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
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;

/** What commands ask of a gateway, be it in this JVM or elsewhere; each as the contract has it. */
interface GatewayCalls {
    Multi<GenerateResponse> generate(GenerateRequest request);

    Multi<ChatResponse> chat(Multi<ChatRequest> requests);

    Uni<TokenizeResponse> tokenize(TokenizeRequest request);

    Uni<DetokenizeResponse> detokenize(DetokenizeRequest request);

    Uni<ListModelsResponse> listModels(ListModelsRequest request);
}
