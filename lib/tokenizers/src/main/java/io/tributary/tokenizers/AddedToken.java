package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry of {@code added_tokens} in a tokenizer.json.
 *
 * @param json as it is written
 */
record AddedToken(int id, String content, boolean special, JsonNode json) {

    /**
     * All added tokens.
     *
     * @param configuration what else is special
     */
    static List<AddedToken> read(ObjectNode root, TokenizerConfiguration configuration, Path file) {
        List<AddedToken> tokens = new ArrayList<>();
        for (JsonNode json : root.path("added_tokens")) {
            String content = json.path("content").asText();
            boolean special = json.path("special").asBoolean()
                    || configuration.specialTexts().contains(content)
                    || ControlName.matches(content);
            tokens.add(new AddedToken(JsonFile.id(json.path("id"), content, file), content, special, json));
        }
        return tokens;
    }
}
