package io.tributary.grammars;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON objects of a schema: declared properties in the order of their declaration, then others if they are allowed. */
final class JsonObjects {
    private final JsonSchemaReader reader;
    private final Rules rules;

    JsonObjects(JsonSchemaReader reader, Rules rules) {
        this.reader = reader;
        this.rules = rules;
    }

    private record Member(Expression text, boolean required) {}

    Expression of(SchemaNode schema) {
        Map<String, JsonNode> declared = declared(schema);
        Set<String> required = required(schema);
        JsonNode additional = schema.get("additionalProperties");
        String additionalPlace = schema.at("additionalProperties");
        if (additional == null) {
            additional = BooleanNode.valueOf(declared.isEmpty() && required.isEmpty());
        }
        List<Member> members = new ArrayList<>();
        declared.forEach((name, value) ->
                members.add(member(name, value, schema.at("properties", name), required.contains(name))));
        for (String name : required) {
            if (!declared.containsKey(name)) {
                JsonNode value = schema.has("additionalProperties") ? additional : BooleanNode.TRUE;
                members.add(member(name, value, additionalPlace, true));
            }
        }
        Set<String> names = new LinkedHashSet<>(declared.keySet());
        names.addAll(required);
        Expression other = other(additional, additionalPlace, names);
        return Expression.sequence(Expression.text("{"), members(members, other), Expression.text("}"));
    }

    private static Map<String, JsonNode> declared(SchemaNode schema) {
        Map<String, JsonNode> declared = new LinkedHashMap<>();
        JsonNode properties = schema.get("properties");
        if (properties != null) {
            if (!properties.isObject()) {
                throw schema.error("properties", "an object is needed, not " + SchemaNode.shortened(properties));
            }
            properties.properties().forEach(property -> declared.put(property.getKey(), property.getValue()));
        }
        return declared;
    }

    private static Set<String> required(SchemaNode schema) {
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode name : schema.list("required")) {
            if (!name.isTextual()) {
                throw schema.error("required", "the names of properties are needed, not " + SchemaNode.shortened(name));
            }
            required.add(name.textValue());
        }
        return required;
    }

    private Member member(String name, JsonNode value, String place, boolean required) {
        Expression key = JsonText.literal(TextNode.valueOf(name), place);
        return new Member(
                rules.share(place, Expression.sequence(key, JsonText.COLON, reader.values(value, place))), required);
    }

    /** A member that is not declared; null if there may be none. */
    private @Nullable Expression other(JsonNode additional, String place, Set<String> declared) {
        if (additional.isBoolean() && !additional.booleanValue()) {
            return null;
        }
        Expression key = declared.isEmpty() ? JsonStrings.ANY : JsonText.string(OtherNames.than(declared, place));
        return rules.share(place, Expression.sequence(key, JsonText.COLON, reader.values(additional, place)));
    }

    /** What stands between the braces. After the first member a comma precedes each. */
    private Expression members(List<Member> members, @Nullable Expression other) {
        List<Expression> options = new ArrayList<>();
        Expression rest = other == null ? Expression.EMPTY : Expression.any(Expression.sequence(JsonText.COMMA, other));
        Expression others = other == null ? Expression.EMPTY : Expression.optional(Expression.sequence(other, rest));
        options.add(others);
        for (Member member : members.reversed()) {
            if (member.required) {
                options.clear();
            }
            options.add(Expression.sequence(member.text, rest));
            Expression next = Expression.sequence(JsonText.COMMA, member.text);
            rest = rules.share(
                    "members", Expression.sequence(member.required ? next : Expression.optional(next), rest));
        }
        return Expression.choice(options);
    }
}
