package io.tributary.grammars;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values that a schema allows, by its types. */
final class SchemaValues {
    /** How deep values nest that are written out on the spot; what references are called for begins anew. */
    private static final int MAX_DEPTH = 200;

    private final JsonSchemaReader reader;
    private final Rules rules;
    private final SchemaMerge merge;
    private final JsonObjects objects;
    private final JsonArrays arrays;
    private Expression.@Nullable Call anything;
    private int depth;

    SchemaValues(JsonSchemaReader reader, Rules rules) {
        this.reader = reader;
        this.rules = rules;
        this.merge = new SchemaMerge(reader);
        this.objects = new JsonObjects(reader, rules);
        this.arrays = new JsonArrays(reader, rules);
    }

    /** Any JSON value. */
    Expression anything() {
        Expression.Call known = anything;
        if (known != null) {
            return known;
        }
        Expression.Call call = new Expression.Call(rules.declare("any JSON value"));
        anything = call;
        SchemaNode open = new SchemaNode(JsonNodeFactory.instance.objectNode(), "#");
        rules.define(
                call.rule(),
                Expression.choice(SchemaKeywords.TYPES.stream()
                        .filter(type -> !type.equals("integer"))
                        .map(type -> ofType(type, open))
                        .toList()));
        return call;
    }

    /** The values of a schema that has no keywords but those that are followed. */
    Expression of(SchemaNode schema) {
        if (++depth > MAX_DEPTH) {
            throw schema.error("values nest deeper than " + MAX_DEPTH
                    + " here, or a reference leads back to itself; put $ref alone, without other keywords beside it");
        }
        Expression values = ofKeywords(schema);
        depth--;
        return values;
    }

    private Expression ofKeywords(SchemaNode schema) {
        if (schema.keywords().size() == 1 && schema.has("$ref")) {
            return reader.reference(reference(schema), schema.at("$ref"));
        }
        SchemaNode flat = merge.flattened(schema);
        for (String keyword : List.of("anyOf", "oneOf")) {
            if (flat.has(keyword)) {
                return anyOf(flat, keyword);
            }
        }
        if (flat.has("enum") || flat.has("const")) {
            return listed(flat);
        }
        if (flat.keywords().isEmpty()) {
            return anything();
        }
        List<Expression> options = new ArrayList<>();
        for (String type : types(flat)) {
            options.add(ofType(type, flat));
        }
        return Expression.choice(options);
    }

    static String reference(SchemaNode schema) {
        String reference = schema.text("$ref");
        if (reference == null) {
            throw new IllegalStateException("no $ref at " + schema.pointer());
        }
        return reference;
    }

    private Expression anyOf(SchemaNode schema, String keyword) {
        SchemaNode rest = schema.without(keyword);
        List<JsonNode> branches = schema.list(keyword);
        if (branches.isEmpty()) {
            throw schema.error(keyword, "at least one schema is needed");
        }
        List<Expression> options = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            String place = schema.at(keyword, Integer.toString(i));
            if (rest.keywords().isEmpty() || branches.get(i).isBoolean()) {
                boolean all = branches.get(i).isBoolean() && branches.get(i).booleanValue();
                options.add(all ? of(rest) : reader.values(branches.get(i), place));
            } else {
                SchemaNode merged = merge.both(rest, merge.flattened(branches.get(i), place));
                options.add(of(merged));
            }
        }
        return Expression.choice(options);
    }

    private Expression listed(SchemaNode schema) {
        List<JsonNode> members = schema.list("enum");
        JsonNode constant = schema.get("const");
        if (constant != null) {
            if (schema.has("enum") && !members.contains(constant)) {
                return Expression.NOTHING;
            }
            members = List.of(constant);
        }
        String keyword = constant == null ? "enum" : "const";
        for (String other : (Iterable<String>) () -> schema.keywords().fieldNames()) {
            if (SchemaKeywords.ofAnyType(other)) {
                throw schema.error(other, "beside " + keyword + " this is not taken; list the values that are meant");
            }
        }
        Set<String> types = schema.has("type") ? types(schema) : Set.copyOf(SchemaKeywords.TYPES);
        List<Expression> options = new ArrayList<>();
        for (JsonNode member : members) {
            if (types.stream().anyMatch(type -> isOf(type, member))) {
                options.add(JsonText.literal(member, schema.at(keyword)));
            }
        }
        return Expression.choice(options);
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }

    private static Set<String> types(SchemaNode schema) {
        Set<String> types =
                new LinkedHashSet<>(schema.has("type") ? declared(schema) : SchemaKeywords.typesMeantBy(schema));
        if (types.isEmpty() && !schema.has("type")) {
            types.addAll(SchemaKeywords.TYPES);
        }
        if (types.contains("number")) {
            types.remove("integer");
        }
        return types;
    }

    /** The types that the keyword {@code type} lists. */
    static List<String> declared(SchemaNode schema) {
        JsonNode type = schema.get("type");
        List<String> declared = new ArrayList<>();
        if (type != null && type.isTextual()) {
            declared.add(type.textValue());
        } else {
            schema.list("type").forEach(one -> declared.add(one.asText()));
        }
        for (String one : declared) {
            if (!SchemaKeywords.TYPES.contains(one)) {
                throw schema.error("type", one + " is no type; the types are " + SchemaKeywords.TYPES);
            }
        }
        return declared;
    }

    private Expression ofType(String type, SchemaNode schema) {
        return switch (type) {
            case "object" -> objects.of(schema);
            case "array" -> arrays.of(schema);
            case "string" -> JsonStrings.of(schema);
            case "number" -> JsonNumbers.number(schema);
            case "integer" -> JsonNumbers.integer(schema);
            case "boolean" -> Expression.choice(Expression.text("true"), Expression.text("false"));
            default -> Expression.text("null");
        };
    }
}
