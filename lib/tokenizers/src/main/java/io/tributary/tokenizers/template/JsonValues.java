package io.tributary.tokenizers.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads values of JSON as values of a template, for one rendering. Their texts are foreign. */
final class JsonValues {
    private static final TextValue ROLE = TextValue.trusted("role");
    private static final Set<String> USUAL_ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "function", "ipython", "model");

    private int read;

    Value value(JsonNode node) {
        return value(node, 0);
    }

    /**
     * The messages of a conversation. Templates make control tokens of the usual roles, so these count as text of the
     * template; any other role is foreign.
     */
    Value messages(JsonNode node) {
        Value messages = value(node);
        if (!(messages instanceof ListValue list)) {
            return messages;
        }
        return ListValue.list(
                list.elements().stream().map(JsonValues::withUsualRole).toList());
    }

    private static Value withUsualRole(Value message) {
        if (message instanceof MappingValue mapping
                && mapping.entries().get(ROLE) instanceof TextValue role
                && USUAL_ROLES.contains(role.string())) {
            Map<Value, Value> entries = new LinkedHashMap<>(mapping.entries());
            entries.put(ROLE, TextValue.trusted(role.string()));
            return MappingValue.of(entries);
        }
        return message;
    }

    private Value value(JsonNode node, int depth) {
        if (depth > TemplateLimits.MAXIMAL_VALUE_DEPTH) {
            throw TemplateFault.overLimit(
                    "a value is nested deeper than " + TemplateLimits.MAXIMAL_VALUE_DEPTH + " levels");
        }
        read++;
        if (read > TemplateLimits.MAXIMAL_JSON_VALUES) {
            throw TemplateFault.overLimit("the messages, tools and variables hold more than "
                    + TemplateLimits.MAXIMAL_JSON_VALUES + " JSON values");
        }
        return switch (node.getNodeType()) {
            case STRING -> TextValue.foreign(node.textValue());
            case BOOLEAN -> BoolValue.of(node.booleanValue());
            case NUMBER -> number(node);
            case ARRAY -> list(node, depth);
            case OBJECT -> mapping(node, depth);
            case NULL, MISSING -> NoneValue.NONE;
            case BINARY, POJO -> throw new IllegalArgumentException(node.getNodeType() + " is no JSON");
        };
    }

    private static NumberValue number(JsonNode node) {
        if (!node.isIntegralNumber()) {
            return new RealValue(node.doubleValue());
        }
        if (!node.canConvertToLong()) {
            throw new TemplateFault("the number " + node + " has more than 64 bits");
        }
        return new IntValue(node.longValue());
    }

    private ListValue list(JsonNode node, int depth) {
        List<Value> elements = new ArrayList<>(node.size());
        node.forEach(element -> elements.add(value(element, depth + 1)));
        return ListValue.list(elements);
    }

    private MappingValue mapping(JsonNode node, int depth) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> entries.put(TextValue.foreign(entry.getKey()), value(entry.getValue(), depth + 1)));
        return MappingValue.of(entries);
    }
}
