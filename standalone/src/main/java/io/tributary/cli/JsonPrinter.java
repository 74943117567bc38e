package io.tributary.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.LayerRouting;
import io.tributary.proto.gateway.v1.PositionRouting;
import io.tributary.proto.gateway.v1.PromptRouting;
import io.tributary.proto.gateway.v1.Token;
import java.io.PrintStream;

/**
 * One JSON object a line: the routing of the prompt's positions if it is reported, each token, then the figures. The `text`s of all lines are the continuation: that of the last
 * line was held back because it could have become a stop text.
 */
final class JsonPrinter implements GenerationPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private String heldBack = "";

    /** @param out where to */
    JsonPrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(GenerateResponse response) {
        switch (response.getEventCase()) {
            case TOKEN -> print(response.getToken());
            case FINISHED -> heldBack = response.getFinished().getText();
            case PROMPT_ROUTING -> print(response.getPromptRouting());
            case STARTED, EVENT_NOT_SET -> {}
        }
    }

    private void print(PromptRouting routing) {
        int position = routing.getFirstPosition();
        for (PositionRouting ofPosition : routing.getPositionsList()) {
            ObjectNode line = JSON.createObjectNode().put("prompt_position", position++);
            println(line.set("routing", layers(ofPosition)));
        }
    }

    private void print(Token token) {
        ObjectNode line = JSON.createObjectNode()
                .put("id", token.getId())
                .put("text", token.getText())
                .put("logprob", token.getLogprob());
        if (token.hasRouting()) {
            line.set("routing", layers(token.getRouting()));
        }
        println(line);
    }

    private static ArrayNode layers(PositionRouting routing) {
        ArrayNode layers = JSON.createArrayNode();
        for (LayerRouting ofLayer : routing.getLayersList()) {
            ObjectNode layer = layers.addObject().put("layer", ofLayer.getLayer());
            ofLayer.getExpertsList().forEach(layer.withArray("experts")::add);
            ofLayer.getWeightsList().forEach(layer.withArray("weights")::add);
        }
        return layers;
    }

    @Override
    public void end(GenerationFigures figures) {
        println(JSON.createObjectNode()
                .put("text", heldBack)
                .put("prompt_tokens", figures.promptTokens())
                .put("new_tokens", figures.newTokens())
                .put("time_to_first_token_seconds", figures.secondsToFirstToken())
                .put("tokens_per_second", figures.tokensPerSecond())
                .put("finish_reason", figures.finishReason()));
    }

    private void println(ObjectNode line) {
        out.println(line);
        out.flush();
    }
}
