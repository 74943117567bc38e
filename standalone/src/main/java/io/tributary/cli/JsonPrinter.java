package io.tributary.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Token;
import java.io.PrintStream;

/**
 * One JSON object a line: each token, then the figures.
 *
 * @param out where to
 */
record JsonPrinter(PrintStream out) implements GenerationPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void print(GenerateResponse response) {
        if (response.hasToken()) {
            Token token = response.getToken();
            out.println(JSON.createObjectNode()
                    .put("id", token.getId())
                    .put("text", token.getText())
                    .put("logprob", token.getLogprob()));
        }
        if (response.hasFinished() && !response.getFinished().getText().isEmpty()) {
            out.println(
                    JSON.createObjectNode().put("text", response.getFinished().getText()));
        }
        out.flush();
    }

    @Override
    public void end(GenerationFigures figures) {
        ObjectNode last = JSON.createObjectNode()
                .put("prompt_tokens", figures.promptTokens())
                .put("new_tokens", figures.newTokens())
                .put("time_to_first_token_seconds", figures.secondsToFirstToken())
                .put("tokens_per_second", figures.tokensPerSecond())
                .put("finish_reason", figures.finishReason());
        out.println(last);
        out.flush();
    }
}
