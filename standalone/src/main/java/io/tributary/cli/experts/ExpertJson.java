package io.tributary.cli.experts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.models.experts.LayerLoad;

/** What experts did as one JSON object, with nothing left out. */
final class ExpertJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExpertJson() {}

    static ObjectNode of(ExpertUse use) {
        ObjectNode object = JSON.createObjectNode()
                .put("model", use.model())
                .put("prompt_tokens", use.promptTokens())
                .put("new_tokens", use.tokens().size() - use.promptTokens());
        ArrayNode tokens = object.putArray("tokens");
        use.tokens().forEach(token -> tokens.addObject().put("id", token.id()).put("text", token.text()));
        ArrayNode layers = object.putArray("layers");
        use.layers().forEach(layer -> layers.add(of(layer, use.tokens().size())));
        return object;
    }

    private static ObjectNode of(LayerUse layer, int tokens) {
        LayerLoad load = layer.load();
        ObjectNode object = JSON.createObjectNode()
                .put("layer", load.layer())
                .put("positions", load.positions())
                .put("overflow", load.overflow())
                .put("entropy_bits", load.entropyBits())
                .put("imbalance", load.imbalance());
        ArrayNode chosen = object.putArray("chosen");
        for (long count : load.chosen()) {
            chosen.add(count);
        }
        putPairs(object.putArray("pairs"), layer);
        putRouting(object.putArray("routing"), layer, tokens);
        return object;
    }

    /** Those that some token had. */
    private static void putPairs(ArrayNode pairs, LayerUse layer) {
        for (int first = 0; first < layer.experts(); first++) {
            for (int second = first + 1; second < layer.experts(); second++) {
                long positions = layer.load().pair(first, second);
                if (positions > 0) {
                    ObjectNode pair = pairs.addObject();
                    pair.putArray("experts").add(first).add(second);
                    pair.put("positions", positions);
                }
            }
        }
    }

    /** For each token its experts, ascending, with the weights of their outputs. */
    private static void putRouting(ArrayNode routing, LayerUse layer, int tokens) {
        for (int token = 0; token < tokens; token++) {
            ObjectNode position = routing.addObject();
            ArrayNode experts = position.putArray("experts");
            ArrayNode weights = position.putArray("weights");
            for (int expert : layer.chosen(token).toArray()) {
                experts.add(expert);
                weights.add(layer.weight(token, expert));
            }
        }
    }
}
