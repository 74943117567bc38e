package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.proto.gateway.v1.Constraint;
import java.util.Optional;

/** What the answer must be: OpenAI's `response_format`, and vLLM's `guided_json`, `guided_regex` and `guided_grammar`. */
final class ResponseForm {
    static final String FIELD = "response_format";

    private static final String ANY_OBJECT = "{\"type\":\"object\"}";

    private ResponseForm() {}

    /** The constraint that a request asks for; at most one. */
    static Optional<Constraint> of(Fields body) {
        Optional<Constraint> format = body.object(FIELD).flatMap(ResponseForm::format);
        Optional<Constraint> guided = guided(body);
        if (format.isPresent() && guided.isPresent()) {
            throw body.bad(FIELD, "and a guided_ field are both given; only one can hold");
        }
        return format.or(() -> guided);
    }

    private static Optional<Constraint> format(Fields format) {
        String type = format.requiredText("type");
        return switch (type) {
            case "text" -> Optional.empty();
            case "json_object" -> Optional.of(json(ANY_OBJECT));
            case "json_schema" -> Optional.of(json(schema(format)));
            default ->
                throw format.bad("type", "is \"%s\"; text, json_object and json_schema are known".formatted(type));
        };
    }

    private static String schema(Fields format) {
        Fields named = format.object("json_schema").orElseThrow(() -> format.missing("json_schema", "an object"));
        return named.value("schema")
                .map(schema -> schema(named, schema))
                .orElseThrow(() -> named.missing("schema", "a JSON schema"));
    }

    private static String schema(Fields named, JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw named.wrongType("schema", schema, "a JSON schema");
        }
        return schema.toString();
    }

    private static Optional<Constraint> guided(Fields body) {
        Optional<Constraint> json = body.value("guided_json").map(schema -> json(guidedSchema(schema)));
        Optional<Constraint> expression = body.text("guided_regex")
                .map(text -> Constraint.newBuilder().setRegularExpression(text).build());
        Optional<Constraint> grammar = body.text("guided_grammar")
                .map(text -> Constraint.newBuilder().setGbnf(text).build());
        return json.or(() -> expression).or(() -> grammar);
    }

    /** vLLM takes a schema, or its text. */
    private static String guidedSchema(JsonNode schema) {
        return schema.isTextual() ? schema.textValue() : schema.toString();
    }

    static Constraint json(String schema) {
        return Constraint.newBuilder().setJsonSchema(schema).build();
    }
}
