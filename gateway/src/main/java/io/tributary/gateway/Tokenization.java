package io.tributary.gateway;

import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import java.util.List;

/**
 * Texts and conversations to ids, and back, for one call.
 *
 * @param call the client's
 */
record Tokenization(ServedCall call) {
    /**
     * What the model would see.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field
     */
    Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
        TokenizerCalls tokenizer = call.tokenizer();
        return switch (request.getInputCase()) {
            case TEXT ->
                tokenizer
                        .encode(request.getText(), request.getAddSpecialTokens())
                        .chain(ids -> response(ids, ""));
            case CHAT ->
                tokenizer
                        .render(checked(request.getChat()))
                        .chain(rendered -> response(rendered.getIdsList(), rendered.getText()));
            case INPUT_NOT_SET -> throw GrpcErrors.invalidArgument("input", "is missing; set text or chat");
        };
    }

    private static ChatPrompt checked(ChatPrompt chat) {
        GenerationRequest.requireMessages(chat);
        return chat;
    }

    private Uni<TokenizeResponse> response(List<Integer> ids, String rendered) {
        return call.tokenizer()
                .pieces(ids)
                .map(pieces -> TokenizeResponse.newBuilder()
                        .addAllIds(ids)
                        .addAllPieces(pieces)
                        .setRendered(rendered)
                        .build());
    }

    /** The text of ids; fails as INVALID_ARGUMENT for one that the model does not have. */
    Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
        return call.tokenizer()
                .decode(request.getIdsList(), request.getSkipSpecialTokens())
                .map(text -> DetokenizeResponse.newBuilder().setText(text).build());
    }
}
