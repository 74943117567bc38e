package io.tributary.grammars;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keywords of JSON schemas (draft 2020-12) that are followed, and those that say nothing about a value. */
final class SchemaKeywords {
    /** All types of values, a number being a whole one or not. */
    static final List<String> TYPES = List.of("object", "array", "string", "number", "integer", "boolean", "null");

    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "$schema",
            "$id",
            "$comment",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$defs",
            "definitions");

    private static final Map<String, List<String>> BY_TYPE = Map.of(
            "object", List.of("properties", "required", "additionalProperties"),
            "array", List.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
            "string", List.of("pattern", "minLength", "maxLength", "format"),
            "number", List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"));

    private static final Set<String> GENERAL =
            Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "nullable");

    private SchemaKeywords() {}

    /** The schema without what says nothing about a value. */
    static SchemaNode constraints(SchemaNode schema) {
        SchemaNode copy = schema.copy();
        copy.keywords().remove(ANNOTATIONS);
        for (Map.Entry<String, ?> keyword : copy.keywords().properties()) {
            if (!GENERAL.contains(keyword.getKey()) && !ofAnyType(keyword.getKey())) {
                throw schema.error(
                        keyword.getKey(),
                        "this keyword cannot be guaranteed; leave it out, or say the same with one of "
                                + BY_TYPE.values().stream()
                                        .flatMap(List::stream)
                                        .sorted()
                                        .toList() + " or "
                                + GENERAL.stream().sorted().toList());
            }
        }
        return copy;
    }

    /** The types that have any of a schema's keywords. */
    static List<String> typesMeantBy(SchemaNode schema) {
        return TYPES.stream()
                .filter(type -> BY_TYPE.getOrDefault(type, List.of()).stream().anyMatch(schema::has))
                .toList();
    }

    /** Whether a keyword says something about values of one type only. */
    static boolean ofAnyType(String keyword) {
        return BY_TYPE.values().stream().anyMatch(keywords -> keywords.contains(keyword));
    }
}
