package io.tributary.grammars;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Makes schemas that have valid values, of all keywords that are followed. */
final class RandomSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES =
            List.of("a", "ab", "name", "value", "with \"quotes\"", "größe", "back\\slash", "items", "x-1", "😀");
    private static final List<String> PATTERNS = List.of(
            "^[a-c]{2,5}$",
            "^(foo|bar)+$",
            "x",
            "^a",
            "b$",
            "^\\d{3}-\\d{4}$",
            "^[^a-z]*$",
            "é|😀",
            "^\"\\\\?$",
            "^\\w+( \\w+)*$");
    private static final List<String> FORMATS = List.of("date", "time", "date-time", "uuid", "ipv4");

    private final Random random;

    RandomSchema(Random random) {
        this.random = random;
    }

    ObjectNode root() {
        ObjectNode schema = schema(3);
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("small", schema(0));
        ObjectNode list = definitions.putObject("list").put("type", "object");
        list.putObject("properties").set("next", reference("#/$defs/list"));
        ((ObjectNode) list.get("properties")).set("value", schema(0));
        list.put("description", "a list");
        return schema;
    }

    private ObjectNode reference(String pointer) {
        return NODES.objectNode().put("$ref", pointer);
    }

    private ObjectNode schema(int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 13)) {
            case 0 -> string();
            case 1 -> integer();
            case 2 -> number();
            case 3 -> listed();
            case 4 -> types();
            case 5 -> NODES.objectNode().put("type", random.nextBoolean() ? "boolean" : "null");
            case 6 -> NODES.objectNode().put("title", "anything");
            case 7, 8 -> object(depth);
            case 9 -> array(depth);
            case 10 -> anyOf(depth);
            case 11 -> reference(random.nextBoolean() ? "#/$defs/small" : "#/$defs/list");
            default -> allOf(depth);
        };
    }

    private ObjectNode string() {
        ObjectNode schema = NODES.objectNode().put("type", "string");
        switch (random.nextInt(4)) {
            case 0 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
            case 1 -> schema.put("format", FORMATS.get(random.nextInt(FORMATS.size())));
            case 2 -> {
                int min = random.nextInt(4);
                schema.put("minLength", min).put("maxLength", min + random.nextInt(200));
            }
            default -> schema.put("nullable", false);
        }
        return schema;
    }

    private ObjectNode integer() {
        ObjectNode schema = NODES.objectNode().put("type", "integer");
        int low = random.nextInt(5_000) - 2_500;
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", low + 2 + random.nextInt(300));
        }
        return schema;
    }

    private ObjectNode number() {
        ObjectNode schema = NODES.objectNode().put("type", "number");
        double low = (random.nextInt(5_000) - 2_500) / (random.nextBoolean() ? 100.0 : 1.0);
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", low + random.nextInt(300) + 0.5);
        }
        return schema;
    }

    private ObjectNode listed() {
        ObjectNode schema = NODES.objectNode();
        if (random.nextInt(3) == 0) {
            schema.putObject("const").put("k", 1.50).put("ö", "\n");
        } else {
            schema.putArray("enum")
                    .add("red")
                    .add("re\"d")
                    .add(7)
                    .add(true)
                    .addNull()
                    .add(NODES.arrayNode().add(1));
        }
        return schema;
    }

    private ObjectNode types() {
        ObjectNode schema = NODES.objectNode();
        schema.putArray("type").add("integer").add("null").add("string");
        return schema.put("minimum", -5).put("maxLength", 6);
    }

    private ObjectNode object(int depth) {
        ObjectNode schema = NODES.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            properties.set(name, schema(depth - 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        switch (random.nextInt(4)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.put("additionalProperties", true);
            case 2 -> schema.set("additionalProperties", schema(0));
            default -> required.add("elsewhere");
        }
        return schema;
    }

    private ObjectNode array(int depth) {
        ObjectNode schema = NODES.objectNode().put("type", "array");
        int min = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.putArray("prefixItems").add(schema(depth - 1)).add(schema(0));
        }
        if (random.nextBoolean()) {
            schema.set("items", schema(depth - 1));
        } else if (min == 0 && random.nextBoolean()) {
            schema.put("items", false);
        }
        schema.put("minItems", min);
        return random.nextBoolean() ? schema.put("maxItems", min + random.nextInt(4)) : schema;
    }

    private ObjectNode anyOf(int depth) {
        ObjectNode schema = NODES.objectNode();
        if (random.nextBoolean()) {
            schema.putArray("oneOf")
                    .add(object(depth))
                    .add(string())
                    .add(array(depth))
                    .add(integer());
        } else {
            schema.putArray("anyOf").add(schema(depth - 1)).add(schema(depth - 1));
        }
        return schema;
    }

    private ObjectNode allOf(int depth) {
        ObjectNode schema = NODES.objectNode();
        ObjectNode first = NODES.objectNode().put("type", "object");
        first.putObject("properties").set("a", NODES.objectNode().put("type", "number"));
        first.putArray("required").add("a");
        ObjectNode second = NODES.objectNode();
        second.putObject("properties").set("a", integer());
        ((ObjectNode) second.get("properties")).set("b", schema(depth - 1));
        schema.putArray("allOf").add(first).add(second);
        return schema;
    }
}
