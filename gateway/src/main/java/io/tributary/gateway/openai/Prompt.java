package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a model reads, where it is no conversation. */
sealed interface Prompt {
    /** Text, in front of which the tokenizer puts what the model expects. */
    record Text(String text) implements Prompt {}

    /** Exactly these ids. */
    record Tokens(List<Integer> ids) implements Prompt {}

    /** What a field holds: a string, a list of strings, a list of ids, or a list of lists of ids. */
    static List<Prompt> several(Fields body, String field) {
        JsonNode value = body.value(field).orElseThrow(() -> body.missing(field, "a string or a list"));
        if (value.isTextual()) {
            return List.of(new Text(body.requiredText(field)));
        }
        if (!value.isArray()) {
            throw body.wrongType(field, value, "a string or a list");
        }
        List<JsonNode> elements = body.list(field);
        if (!elements.isEmpty() && elements.getFirst().isNumber()) {
            return List.of(new Tokens(body.ids(field, elements)));
        }
        if (!elements.isEmpty() && elements.getFirst().isArray()) {
            return lists(body, field, elements);
        }
        return body.texts(field, elements).stream().<Prompt>map(Text::new).toList();
    }

    private static List<Prompt> lists(Fields body, String field, List<JsonNode> elements) {
        List<Prompt> prompts = new ArrayList<>();
        for (JsonNode ids : elements) {
            String at = "%s[%d]".formatted(field, prompts.size());
            if (!ids.isArray()) {
                throw body.wrongType(at, ids, "a list of token ids, like those before it");
            }
            prompts.add(new Tokens(body.ids(at, ids)));
        }
        return prompts;
    }
}
