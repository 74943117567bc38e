package io.tributary.gateway.openai;

import com.google.protobuf.ByteString;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.Model;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** `POST /tokenize` and `POST /detokenize`, in the shapes that vLLM gave them. */
final class Tokenization {
    private Tokenization() {}

    /**
     * The tokens of a text or conversation.
     *
     * @param maxModelLen positions of the model's context
     * @param tokenStrs their texts, if they were asked for
     */
    record Tokens(
            int count,
            int maxModelLen,
            List<Integer> tokens,
            @Nullable List<String> tokenStrs) {}

    /** The text of tokens. */
    record Text(String prompt) {}

    static Endpoint.Reply tokenize(Fields body, GatewayCalls calls) {
        TokenizeRequest request = request(body);
        boolean strings = body.flag("return_token_strs");
        return new Endpoint.Document(calls.model(body.text("model"))
                .chain(model -> calls.tokenize(request).map(response -> tokens(model, response, strings))));
    }

    private static TokenizeRequest request(Fields body) {
        TokenizeRequest.Builder request = TokenizeRequest.newBuilder();
        if (body.value("messages").isPresent()) {
            body.refuse("add_generation_prompt", "true", "must be true: a conversation is rendered for its answer");
            return request.setChat(
                            ChatCompletionRequest.prompt(body, ToolUse.of(body).definitions()))
                    .build();
        }
        boolean special = body.value("add_special_tokens").isEmpty() || body.flag("add_special_tokens");
        return request.setText(body.requiredText("prompt"))
                .setAddSpecialTokens(special)
                .build();
    }

    private static Tokens tokens(Model model, TokenizeResponse response, boolean strings) {
        return new Tokens(
                response.getIdsCount(),
                model.getContextLength(),
                response.getIdsList(),
                strings
                        ? response.getPiecesList().stream()
                                .map(ByteString::toStringUtf8)
                                .toList()
                        : null);
    }

    static Endpoint.Reply detokenize(Fields body, GatewayCalls calls) {
        DetokenizeRequest request = DetokenizeRequest.newBuilder()
                .addAllIds(body.ids("tokens", body.list("tokens")))
                .build();
        if (body.value("tokens").isEmpty()) {
            throw body.missing("tokens", "a list of token ids");
        }
        return new Endpoint.Document(calls.model(body.text("model"))
                .chain(model -> calls.detokenize(request))
                .map(response -> new Text(response.getText())));
    }
}
