package io.tributary.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What an independent implementation makes of the shipped model.
 *
 * @param prompt a text
 * @param promptIds its tokens, with the one that begins a text
 * @param greedyIds the greedy continuation
 * @param greedyText its text
 */
public record ShippedModel(String prompt, List<Integer> promptIds, List<Integer> greedyIds, String greedyText) {
    public static final Path PATH = Path.of(System.getProperty("tributary.root"), "models", "kjv-2.6m");

    public static ShippedModel expected() {
        try {
            JsonNode json =
                    new ObjectMapper().readTree(PATH.resolve("expected.json").toFile());
            return new ShippedModel(
                    json.get("prompt").asText(),
                    ids(json.get("prompt_ids")),
                    ids(json.get("greedy_ids")),
                    json.get("greedy_text").asText());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Integer> ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }
}
