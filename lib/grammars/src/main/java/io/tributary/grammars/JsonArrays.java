package io.tributary.grammars;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.ArrayList;
import java.util.List;

/** JSON arrays of a schema. */
final class JsonArrays {
    private final JsonSchemaReader reader;
    private final Rules rules;

    JsonArrays(JsonSchemaReader reader, Rules rules) {
        this.reader = reader;
        this.rules = rules;
    }

    Expression of(SchemaNode schema) {
        JsonNode unique = schema.get("uniqueItems");
        if (unique != null && !BooleanNode.FALSE.equals(unique)) {
            throw schema.error("uniqueItems", "that items differ cannot be guaranteed; leave it out");
        }
        int min = schema.count("minItems", 0);
        int max = schema.count("maxItems", Expression.UNBOUNDED);
        List<Expression> first = first(schema);
        JsonNode items = schema.get("items");
        if (items == null) {
            items = BooleanNode.valueOf(first.isEmpty() || min > first.size());
        }
        Expression further = rules.share(schema.at("items"), reader.values(items, schema.at("items")));
        boolean none = BooleanNode.FALSE.equals(items);
        return Expression.sequence(
                Expression.text("["),
                items(first, further, min, none ? Math.min(max, first.size()) : max),
                Expression.text("]"));
    }

    private List<Expression> first(SchemaNode schema) {
        List<JsonNode> schemas = schema.list("prefixItems");
        List<Expression> first = new ArrayList<>();
        for (int i = 0; i < schemas.size(); i++) {
            String place = schema.at("prefixItems", Integer.toString(i));
            first.add(rules.share(place, reader.values(schemas.get(i), place)));
        }
        return first;
    }

    /** What stands between the brackets. */
    private Expression items(List<Expression> first, Expression further, int min, int max) {
        if (min > max) {
            return Expression.NOTHING;
        }
        if (max == 0) {
            return Expression.EMPTY;
        }
        int single = Math.min(Math.max(first.size(), 1), max);
        Expression rest = further(further, Math.max(0, min - single), max == Expression.UNBOUNDED ? max : max - single);
        for (int i = single - 1; i >= 0; i--) {
            Expression item = i < first.size() ? first.get(i) : further;
            Expression withComma = i == 0 ? item : Expression.sequence(JsonText.COMMA, item);
            Expression tail = Expression.sequence(withComma, rest);
            rest = rules.share("items", i < min ? tail : Expression.optional(tail));
        }
        return rest;
    }

    private static Expression further(Expression item, int min, int max) {
        return new Expression.Repeat(Expression.sequence(JsonText.COMMA, item), min, max);
    }
}
