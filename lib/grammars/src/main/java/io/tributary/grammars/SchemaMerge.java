package io.tributary.grammars;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one schema of several that hold at once: {@code allOf}, and what stands beside {@code $ref}, {@code anyOf} or
 * {@code oneOf}.
 */
final class SchemaMerge {
    /** How many schemas are merged for one grammar; references that lead back to themselves would go on for ever. */
    private static final int MAX_MERGES = 10_000;

    private static final int MAX_DEPTH = 100;

    private final JsonSchemaReader reader;
    private int merges;
    private int depth;

    SchemaMerge(JsonSchemaReader reader) {
        this.reader = reader;
    }

    /** The same schema without {@code $ref} and {@code allOf}. */
    SchemaNode flattened(JsonNode schema, String pointer) {
        if (schema.isBoolean()) {
            ObjectNode keywords = JsonNodeFactory.instance.objectNode();
            if (!schema.booleanValue()) {
                keywords.putArray("type");
            }
            return new SchemaNode(keywords, pointer);
        }
        if (!(schema instanceof ObjectNode keywords)) {
            throw SchemaNode.errorAt(
                    pointer, "a schema is an object or a boolean, not " + SchemaNode.shortened(schema));
        }
        return flattened(SchemaKeywords.constraints(new SchemaNode(keywords, pointer)));
    }

    /** The same schema without {@code $ref} and {@code allOf}. */
    SchemaNode flattened(SchemaNode schema) {
        if (++depth > MAX_DEPTH) {
            throw schema.error("$ref", "this reference leads back to itself without a value between");
        }
        SchemaNode result = withoutNullable(schema);
        if (schema.has("$ref")) {
            String reference = SchemaValues.reference(schema);
            JsonNode target = reader.resolve(reference, schema.at("$ref"));
            result = both(result.without("$ref"), flattened(target, reference));
        }
        List<JsonNode> members = schema.list("allOf");
        result = result.without("allOf");
        for (int i = 0; i < members.size(); i++) {
            result = both(result, flattened(members.get(i), schema.at("allOf", Integer.toString(i))));
        }
        depth--;
        return result;
    }

    /** The same schema with null as one of its types; where no type is meant, {@code nullable} adds nothing. */
    private static SchemaNode withoutNullable(SchemaNode schema) {
        JsonNode nullable = schema.get("nullable");
        if (nullable == null) {
            return schema;
        }
        if (!nullable.isBoolean()) {
            throw schema.error("nullable", "a boolean is needed, not " + SchemaNode.shortened(nullable));
        }
        SchemaNode folded = schema.without("nullable");
        Set<String> types = new LinkedHashSet<>(
                schema.has("type") ? SchemaValues.declared(schema) : SchemaKeywords.typesMeantBy(schema));
        if (nullable.booleanValue() && !types.isEmpty()) {
            types.add("null");
            types.forEach(folded.keywords().putArray("type")::add);
        }
        return folded;
    }

    /** One schema for what both say; neither has {@code $ref} or {@code allOf}. */
    SchemaNode both(SchemaNode a, SchemaNode b) {
        if (++merges > MAX_MERGES) {
            throw a.error("more than " + MAX_MERGES + " schemas have to be merged; write out what is meant");
        }
        checkClosed(a, b);
        checkClosed(b, a);
        checkItems(a, b);
        ObjectNode merged = SchemaNode.copy(a.keywords());
        for (Map.Entry<String, JsonNode> keyword : b.keywords().properties()) {
            JsonNode mine = merged.get(keyword.getKey());
            JsonNode theirs = keyword.getValue();
            merged.set(
                    keyword.getKey(), mine == null || mine.equals(theirs) ? theirs : merged(keyword.getKey(), mine, b));
        }
        return new SchemaNode(merged, a.pointer());
    }

    private JsonNode merged(String keyword, JsonNode mine, SchemaNode other) {
        JsonNode theirs = other.keywords().get(keyword);
        return switch (keyword) {
            case "type" -> commonTypes(new SchemaNode(wrapped(keyword, mine), other.pointer()), other);
            case "properties" -> properties(mine, theirs, other);
            case "required" -> joined(mine, theirs);
            case "enum" -> common(mine, theirs);
            case "items", "additionalProperties" -> allOf(mine, theirs);
            case "minimum", "exclusiveMinimum", "minLength", "minItems" -> extreme(keyword, mine, other, 1);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems" -> extreme(keyword, mine, other, -1);
            default ->
                throw other.error(
                        keyword,
                        "two different values of this keyword hold at once, which cannot be merged; write one schema");
        };
    }

    /** A schema that forbids or restricts what it does not declare must declare all that the other one does. */
    private static void checkClosed(SchemaNode closed, SchemaNode other) {
        JsonNode additional = closed.get("additionalProperties");
        if (additional == null || (additional.isBoolean() && additional.booleanValue())) {
            return;
        }
        JsonNode declared = closed.get("properties");
        JsonNode others = other.get("properties");
        if (others != null) {
            others.fieldNames().forEachRemaining(name -> {
                if (declared == null || !declared.has(name)) {
                    throw other.error(
                            "properties",
                            "property " + name + " is subject to additionalProperties of " + closed.pointer()
                                    + ", which holds at once; declare it there too");
                }
            });
        }
    }

    /**
     * Where {@code prefixItems} end decides what {@code items} is about, so both must agree about the former if one of
     * them has the latter. If both have other {@code prefixItems}, that is refused with the other keywords.
     */
    private static void checkItems(SchemaNode a, SchemaNode b) {
        if (a.has("prefixItems") == b.has("prefixItems")) {
            return;
        }
        SchemaNode tuple = a.has("prefixItems") ? a : b;
        SchemaNode list = a.has("prefixItems") ? b : a;
        if (list.has("items")) {
            throw list.error(
                    "items",
                    "the items are subject to prefixItems of " + tuple.pointer()
                            + ", which holds at once; write both in one schema");
        }
    }

    private static JsonNode commonTypes(SchemaNode a, SchemaNode b) {
        ArrayNode types = JsonNodeFactory.instance.arrayNode();
        for (String type : SchemaKeywords.TYPES) {
            if (allows(SchemaValues.declared(a), type) && allows(SchemaValues.declared(b), type)) {
                types.add(type);
            }
        }
        return types;
    }

    private static boolean allows(List<String> types, String type) {
        return types.contains(type) || (type.equals("integer") && types.contains("number"));
    }

    private static JsonNode properties(JsonNode mine, JsonNode theirs, SchemaNode other) {
        if (!(mine instanceof ObjectNode declared) || !theirs.isObject()) {
            throw other.error("properties", "an object is needed");
        }
        ObjectNode all = SchemaNode.copy(declared);
        theirs.properties()
                .forEach(property -> all.set(
                        property.getKey(),
                        all.has(property.getKey())
                                ? allOf(all.get(property.getKey()), property.getValue())
                                : property.getValue()));
        return all;
    }

    private static JsonNode joined(JsonNode mine, JsonNode theirs) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        mine.forEach(all::add);
        theirs.forEach(all::add);
        return all;
    }

    private static JsonNode common(JsonNode mine, JsonNode theirs) {
        List<JsonNode> others = new ArrayList<>();
        theirs.forEach(others::add);
        ArrayNode both = JsonNodeFactory.instance.arrayNode();
        mine.forEach(value -> {
            if (others.contains(value)) {
                both.add(value);
            }
        });
        return both;
    }

    private static JsonNode allOf(JsonNode mine, JsonNode theirs) {
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.putArray("allOf").add(mine).add(theirs);
        return both;
    }

    private static JsonNode extreme(String keyword, JsonNode mine, SchemaNode other, int sign) {
        JsonNode theirs = other.keywords().get(keyword);
        if (!mine.isNumber() || !theirs.isNumber()) {
            throw other.error(keyword, "a number is needed");
        }
        int order = Integer.signum(mine.decimalValue().compareTo(theirs.decimalValue()));
        return order == sign ? mine : theirs;
    }

    private static ObjectNode wrapped(String keyword, JsonNode value) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set(keyword, value);
        return node;
    }
}
