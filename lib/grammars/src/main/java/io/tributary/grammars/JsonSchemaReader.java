package io.tributary.grammars;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads JSON schemas (draft 2020-12): from a schema to the texts of JSON values that are valid against it.
 *
 * <p>Not every valid text can be written, but every text that can be written is valid: properties come in the order of
 * their declaration, an object that declares properties has no others unless {@code additionalProperties} says so, and
 * an array with {@code prefixItems} no further items unless {@code items} does. The one exception is {@code oneOf},
 * which is taken as {@code anyOf}: a value may be of several of its schemas.
 */
final class JsonSchemaReader {
    private static final int MAX_LENGTH = 500_000;
    private static final int MAX_NESTING = 100;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxDocumentLength(MAX_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode root;
    private final Rules rules = new Rules();
    private final SchemaValues values = new SchemaValues(this, rules);
    private final Map<String, Expression.Call> byPointer = new HashMap<>();
    private final ArrayDeque<Runnable> toDefine = new ArrayDeque<>();

    private JsonSchemaReader(JsonNode root) {
        this.root = root;
    }

    /** The automaton of the texts that are valid. */
    static Automaton read(String schema) {
        if (schema.length() > MAX_LENGTH) {
            throw new InvalidGrammarException(
                    "the JSON schema has " + schema.length() + " characters; at most " + MAX_LENGTH + " are taken");
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(schema);
        } catch (JsonProcessingException wrong) {
            String place = wrong.getLocation() == null
                    ? ""
                    : ", line " + wrong.getLocation().getLineNr() + ", column "
                            + wrong.getLocation().getColumnNr();
            throw new InvalidGrammarException(
                    "JSON schema" + place + ": this is no JSON: " + wrong.getOriginalMessage());
        }
        return new JsonSchemaReader(root).automaton();
    }

    private Automaton automaton() {
        Expression.Call call = reference("#", "#");
        while (!toDefine.isEmpty()) {
            toDefine.remove().run();
        }
        return AutomatonBuilder.build(rules, call.rule());
    }

    /** The values that a schema allows, which stands at a pointer. */
    Expression values(JsonNode schema, String pointer) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? values.anything() : Expression.NOTHING;
        }
        if (!(schema instanceof ObjectNode keywords)) {
            throw SchemaNode.errorAt(
                    pointer, "a schema is an object or a boolean, not " + SchemaNode.shortened(schema));
        }
        return values.of(SchemaKeywords.constraints(new SchemaNode(keywords, pointer)));
    }

    /** A call of the rule of the schema that a {@code $ref} names; {@code from} is where it stands. */
    Expression.Call reference(String reference, String from) {
        JsonNode target = resolve(reference, from);
        Expression.Call known = byPointer.get(reference);
        if (known != null) {
            return known;
        }
        Expression.Call call = new Expression.Call(rules.declare(reference));
        byPointer.put(reference, call);
        toDefine.add(() -> rules.define(call.rule(), values(target, reference)));
        return call;
    }

    /** The schema that a {@code $ref} names. */
    JsonNode resolve(String reference, String from) {
        if (!reference.startsWith("#") || (reference.length() > 1 && reference.charAt(1) != '/')) {
            throw SchemaNode.errorAt(
                    from, "only references within the schema are followed, such as #/$defs/name, not " + reference);
        }
        JsonNode target;
        try {
            target = root.at(JsonPointer.compile(
                    URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException wrong) {
            throw SchemaNode.errorAt(from, "this is no JSON pointer: " + reference);
        }
        if (target.isMissingNode()) {
            throw SchemaNode.errorAt(from, "nothing is at " + reference + " in this schema");
        }
        return target;
    }
}
