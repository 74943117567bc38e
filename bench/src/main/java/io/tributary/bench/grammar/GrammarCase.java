package io.tributary.bench.grammar;

import io.tributary.grammars.Grammar;
import java.util.List;

/** A grammar and a text of it, as an answer of a model would be. */
record GrammarCase(String name, Grammar grammar, String text) {
    private static final String PERSON = """
            {"type": "object", "required": ["name", "age", "tags", "mood"], "properties": {
              "name": {"type": "string"},
              "age": {"type": "integer", "minimum": 0, "maximum": 150},
              "mail": {"type": "string", "format": "email"},
              "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
              "mood": {"enum": ["happy", "sad", "neither of both"]}}}
            """;

    private static final String PEOPLE = """
            {"type": "array", "items": {"$ref": "#/$defs/person"}, "$defs": {"person": %s}}
            """.formatted(PERSON);

    private static final String SHORT_NOTES = """
            {"type": "array", "maxItems": 100, "items": {"type": "object", "required": ["day", "note"], "properties": {
              "day": {"type": "string", "format": "date"},
              "note": {"type": "string", "minLength": 1, "maxLength": 400}}}}
            """;

    private static final String SUMS = """
            root    ::= sum ("\\n" sum)*
            sum     ::= product ([-+] product)*
            product ::= factor ([*/] factor)*
            factor  ::= [0-9]+ | "(" sum ")"
            """;

    private static final String NAMES = "[A-Z][a-z]+( [A-Z][a-z]+){1,3}(, [A-Z][a-z]+( [A-Z][a-z]+){1,3})*";

    static List<GrammarCase> all() {
        String person = "{\"name\": \"Ada Lovelace, a countess\", \"age\": 36, \"tags\": [\"mathematics\", \"poetry\"],"
                + " \"mood\": \"happy\"}";
        String note = "{\"day\": \"1843-02-28\", \"note\": \"The engine weaves patterns of algebra, as a loom weaves"
                + " flowers and leaves; so much for today.\"}";
        return List.of(
                new GrammarCase("objects of five properties", Grammar.ofJsonSchema(PEOPLE), list(person, 8)),
                new GrammarCase("strings of bounded length", Grammar.ofJsonSchema(SHORT_NOTES), list(note, 8)),
                new GrammarCase("any JSON", Grammar.ofJsonSchema("true"), "{\"all\": [" + list(person, 8) + "]}"),
                new GrammarCase(
                        "regular expression",
                        Grammar.ofRegularExpression(NAMES),
                        "Ada Lovelace, Charles Babbage" + ", Mary Fairfax Somerville".repeat(20)),
                new GrammarCase(
                        "GBNF, nested sums", Grammar.ofGbnf(SUMS), "1+2*(3-4)" + "\n(12/(3+4))*567".repeat(20)));
    }

    private static String list(String item, int count) {
        return "[" + item + (", " + item).repeat(count - 1) + "]";
    }
}
