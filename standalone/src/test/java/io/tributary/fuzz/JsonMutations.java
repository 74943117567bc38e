package io.tributary.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Bodies that begin as good ones. */
final class JsonMutations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLACE = "\"place of a value\"";

    /** What a value becomes, as it stands in the text: not all of it is JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e999",
            "-1e999",
            "NaN",
            "Infinity",
            "123456789012345678901234567890",
            "0.1",
            "\"\"",
            "\"text\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[[[]]]",
            "[null]",
            "{\"a\":{\"b\":[1,2,{}]}}",
            "\"" + "x".repeat(100_000) + "\"",
            "[".repeat(10_000) + "]".repeat(10_000));

    private final Random random;

    JsonMutations(Random random) {
        this.random = random;
    }

    /** A good body with one to three places spoilt. */
    String of(String good) {
        String text = good;
        for (int rounds = 1 + random.nextInt(3); rounds > 0; rounds--) {
            text = spoilt(text);
        }
        return text;
    }

    private String spoilt(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            return switch (random.nextInt(6)) {
                case 0 -> text.substring(0, random.nextInt(text.length() + 1));
                case 1 -> withUnknownField(tree);
                default -> withOtherValue(tree);
            };
        } catch (JsonProcessingException spoiltAlready) {
            return text;
        }
    }

    private static String withUnknownField(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            object.put("no_such_field", 1);
        }
        return tree.toString();
    }

    private String withOtherValue(JsonNode tree) {
        JsonNode place = tree;
        while (true) {
            if (place instanceof ObjectNode object && !object.isEmpty()) {
                String name = object.properties().stream()
                        .skip(random.nextInt(object.size()))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
                if (isReplaced(object.get(name))) {
                    object.put(name, "place of a value");
                    return filled(tree);
                }
                place = object.get(name);
            } else if (place instanceof ArrayNode array && !array.isEmpty()) {
                int index = random.nextInt(array.size());
                if (isReplaced(array.get(index))) {
                    array.set(index, "place of a value");
                    return filled(tree);
                }
                place = array.get(index);
            } else {
                return VALUES.get(random.nextInt(VALUES.size()));
            }
        }
    }

    private boolean isReplaced(JsonNode value) {
        return value.isEmpty() || random.nextInt(3) == 0;
    }

    private String filled(JsonNode tree) {
        return tree.toString().replace(PLACE, VALUES.get(random.nextInt(VALUES.size())));
    }
}
