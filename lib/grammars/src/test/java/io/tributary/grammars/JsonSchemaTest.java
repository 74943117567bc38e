package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private final TestVocabulary vocabulary = TestVocabulary.of(4, 400);

    @Test
    void propertiesComeInTheOrderOfTheirDeclaration() {
        String schema = """
                {"type": "object", "required": ["b"], "properties": {
                  "a": {"type": "boolean"}, "b": {"type": "null"}, "c": {"type": "boolean"}}}
                """;
        assertAccepts(schema, "{\"b\":null}", "{\"a\": true, \"b\": null}", "{\"b\":null,\"c\":false}");
        assertRejects(
                schema,
                "{}",
                "{\"a\":true}",
                "{\"b\":null,\"a\":true}",
                "{\"b\":null,\"b\":null}",
                "{\"b\":null,\"d\":1}");
        assertRejects(schema, "{\"a\":true,}", "{,\"b\":null}", "{\"b\":null", "{\"a\":true \"b\":null}");
    }

    @Test
    void optionalPropertiesAloneMayAllBeLeftOut() {
        String schema = "{\"properties\": {\"a\": {\"const\": 1}, \"b\": {\"const\": 2}, \"c\": {\"const\": 3}}}";
        assertAccepts(schema, "{}", "{\"b\":2}", "{\"a\":1,\"c\":3}", "{\"c\":3}", "{\"a\":1, \"b\":2, \"c\":3}");
        assertRejects(schema, "{\"c\":3,\"b\":2}", "{\"a\":2}");
    }

    @Test
    void otherPropertiesMayNotTakeADeclaredName() {
        String schema = """
                {"type": "object", "properties": {"name": {"const": 1}, "né": {"const": 2}},
                 "additionalProperties": {"type": "boolean"}}
                """;
        assertAccepts(
                schema,
                "{}",
                "{\"n\":true}",
                "{\"name\":1,\"names\":true}",
                "{\"né\":2, \"nè\":false}",
                "{\"\":true,\"x\\\"\":true}");
        assertRejects(schema, "{\"name\":true}", "{\"né\":true}", "{\"n\\u0061me\":true}", "{\"x\":1}");
    }

    @Test
    void whiteSpaceIsOneSpaceAfterACommaOrAColonAtMost() {
        String schema = "{\"type\": \"object\"}";
        assertAccepts(schema, "{\"a\": 1, \"b\":[1, 2,3]}");
        assertRejects(schema, "{ \"a\":1}", "{\"a\":  1}", "{\"a\" :1}", "{\"a\":1\n}", "{\"a\":1} ");
    }

    @Test
    void lengthsAreInCharacters() {
        String schema = "{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}";
        assertAccepts(schema, "\"日本\"", "\"😀😀😀\"", "\"\\n\\u00e9\"");
        assertRejects(schema, "\"日\"", "\"abcd\"", "\"\\u00e9\"", "\"\\ud83d\\ude00a\"");
        assertAccepts("{\"maxLength\": 100000000}", "\"\"", "\"a\"");
    }

    @Test
    void aPatternIsSearchedForUnlessItIsAnchored() {
        assertAccepts("{\"type\": \"string\", \"pattern\": \"b+\"}", "\"abbc\"", "\"b\"", "\"é\\\"b\"");
        assertRejects("{\"type\": \"string\", \"pattern\": \"b+\"}", "\"\"", "\"ac\"");
        assertAccepts("{\"type\": \"string\", \"pattern\": \"^a|b$\"}", "\"ax\"", "\"xb\"");
        assertRejects("{\"type\": \"string\", \"pattern\": \"^a|b$\"}", "\"xa\"", "\"bx\"");
        assertAccepts(
                "{\"type\": \"string\", \"pattern\": \"^\\\\s[\\\"\\\\\\\\]$\"}",
                "\"\\n\\\"\"",
                "\" \\\\\"",
                "\"\\u000b\\\\\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "date; 2024-02-29 2000-02-29 1999-12-31; 2023-02-29 1900-02-29 2024-13-01 2024-04-31",
                "time; 23:59:59Z 00:00:00.25+02:00; 24:00:00Z 12:00:00 12:60:00Z",
                "date-time; 2024-02-29T01:02:03Z; 2024-02-29 2024-02-29t01:02:03Z",
                "uuid; 123e4567-e89b-12d3-a456-426614174000; 123e4567-e89b-12d3-a456-42661417400",
                "ipv4; 0.0.0.0 255.249.199.9; 256.1.1.1 1.1.1 01.1.1.1",
                "email; a@b.com a.b+c@x-y.example.org; a@b @b.com a..b@c.com a@-b.com"
            })
    void formatsAreChecked(String format, String valid, String invalid) {
        String schema = "{\"type\": \"string\", \"format\": \"" + format + "\"}";
        for (String text : valid.split(" ", -1)) {
            assertAccepts(schema, "\"" + text + "\"");
        }
        for (String text : invalid.split(" ", -1)) {
            assertRejects(schema, "\"" + text + "\"");
        }
    }

    @Test
    void everyWholeNumberIsJudgedByItsBounds() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int low = random.nextInt(400) - 200;
            int high = low + random.nextInt(250);
            CompiledGrammar grammar = vocabulary.compile(Grammar.ofJsonSchema(
                    "{\"type\": \"integer\", \"minimum\": %d, \"exclusiveMaximum\": %s}".formatted(low, high + 0.5)));
            for (int value = -320; value <= 320; value++) {
                assertThat(vocabulary.accepts(grammar, Integer.toString(value), random))
                        .as("%d in %d to %d", value, low, high)
                        .isEqualTo(low <= value && value <= high);
            }
        }
    }

    @Test
    void numbersAreJudgedByBoundsWithFractions() {
        String schema = "{\"type\": \"number\", \"exclusiveMinimum\": -1.25, \"maximum\": 10}";
        assertAccepts(schema, "-1.24", "-1.2400", "-1.249", "-0.01", "0.00", "9.99", "10.00", "9.999");
        assertRejects(schema, "-1.25", "-1.26", "10.01", "11.00", "-2.00", "1e5");
        assertAccepts("{\"type\": \"number\", \"minimum\": 0}", "0", "0.5", "12345678", "3.14");
        assertRejects("{\"type\": \"number\", \"minimum\": 0}", "-1", "-0.1", "00");
        assertAccepts("{\"type\": \"number\"}", "-1.5e+10", "0", "12", "1E5");
        assertRejects("{\"type\": \"number\"}", "01", "1.", ".5", "+1", "1e", "1e1000", "12345678901234567890");
    }

    @Test
    void arraysAreJudgedByPlacesAndCounts() {
        String schema = """
                {"prefixItems": [{"const": 1}, {"const": 2}], "items": {"const": 3}, "minItems": 1, "maxItems": 4}
                """;
        assertAccepts(schema, "[1]", "[1,2]", "[1, 2, 3]", "[1,2,3,3]");
        assertRejects(schema, "[]", "[2]", "[1,3]", "[1,2,3,3,3]", "[1,]");
        assertAccepts("{\"type\": \"array\", \"items\": {\"type\": \"null\"}, \"maxItems\": 0}", "[]");
        assertRejects("{\"type\": \"array\", \"items\": {\"type\": \"null\"}, \"minItems\": 2}", "[]", "[null]");
        assertAccepts(
                "{\"type\": \"array\", \"items\": {\"type\": \"null\"}, \"minItems\": 2}",
                "[null,null]",
                "[null, null, null]");
    }

    @Test
    void allOfIsOneSchemaOfSeveral() {
        String schema = """
                {"allOf": [{"$ref": "#/$defs/base"}, {"required": ["b"], "properties": {"b": {"maximum": 5}}}],
                 "properties": {"b": {"minimum": 4}},
                 "$defs": {"base": {"type": "object", "properties": {"b": {"type": "integer"}, "c": {"const": 1}}}}}
                """;
        assertAccepts(schema, "{\"b\":4}", "{\"b\":5,\"c\":1}");
        assertRejects(schema, "{}", "{\"b\":6}", "{\"b\":3}", "{\"b\":4.5}", "{\"c\":1}");
    }

    @Test
    void anyOfTakesWhatStandsBesideIt() {
        String schema = """
                {"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}}, "additionalProperties": false,
                 "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
                """;
        assertAccepts(schema, "{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}");
        assertRejects(schema, "{}", "{\"a\":2}");
    }

    @Test
    void enumerationsNullAndTypesAreListed() {
        assertAccepts("{\"enum\": [\"a\\n\", 1, null, {\"x\": [1, 2]}]}", "\"a\\n\"", "1", "null", "{\"x\":[1,2]}");
        assertRejects("{\"enum\": [\"a\", 1], \"type\": \"string\"}", "1");
        assertAccepts("{\"type\": \"string\", \"nullable\": true}", "null", "\"\"");
        assertAccepts("{\"type\": [\"integer\", \"null\"]}", "null", "-3");
        assertRejects("{\"type\": [\"integer\", \"null\"]}", "\"\"", "1.5");
    }

    @Test
    void referencesMayLeadBack() {
        String tree = """
                {"type": "object",
                 "properties": {"v": {"type": "integer"}, "sub": {"type": "array", "items": {"$ref": "#"}}}}
                """;
        assertAccepts(tree, "{}", "{\"v\":1,\"sub\":[{\"v\":2},{\"sub\":[{}]}]}");
        assertRejects(tree, "{\"sub\":[1]}", "{\"sub\":{}}");
        assertAccepts("{\"$ref\": \"#/$defs/a~1b%25\", \"$defs\": {\"a/b%\": {\"const\": 1}}}", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "3",
                "{\"type\": \"string\"} x",
                "{\"type\": \"string\", \"type\": \"null\"}",
                "nul"
            })
    void whatIsNoSchemaIsRefused(String text) {
        assertThatThrownBy(() -> Grammar.ofJsonSchema(text)).isInstanceOf(InvalidGrammarException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "{\"properties\": {\"a\": {\"multipleOf\": 2}}}; #/properties/a/multipleOf; cannot be guaranteed",
                "{\"items\": {\"not\": {}}}; #/items/not; cannot be guaranteed",
                "{\"type\": \"strin\"}; #/type; object, array",
                "{\"$ref\": \"#/$defs/x\"}; #/$ref; nothing is at #/$defs/x",
                "{\"$ref\": \"http://x\"}; #/$ref; within the schema",
                "{\"$ref\": \"#\"}; no text at all; ",
                "{\"allOf\": [{\"$ref\": \"#\"}]}; leads back to itself; ",
                "{\"pattern\": \"(a\"}; #/pattern; character 0: this group is not closed",
                "{\"pattern\": \"a\", \"minLength\": 1}; #/pattern; say all in one pattern",
                "{\"format\": \"hostname\"}; #/format; ipv4",
                "{\"minLength\": -1}; #/minLength; whole number",
                "{\"minimum\": \"1\"}; #/minimum; a number is needed",
                "{\"exclusiveMinimum\": true}; #/exclusiveMinimum; a number is needed",
                "{\"minimum\": 1e999999}; #/minimum; digits",
                "{\"enum\": [1], \"minimum\": 0}; #/minimum; list the values",
                "{\"uniqueItems\": true}; #/uniqueItems; cannot be guaranteed",
                "{\"items\": [1]}; #/items; a schema is an object",
                "{\"minimum\": 5, \"maximum\": 4}; no text at all; ",
                "{\"allOf\": [{\"pattern\": \"a\"}, {\"pattern\": \"b\"}]}; #/allOf/1/pattern; write one schema",
                "{\"const\": \"\\ud800\"}; #/const; surrogate",
                "false; no text at all; "
            })
    void whatCannotBeGuaranteedIsRefusedWithItsPlace(String schema, String place, String hint) {
        assertThatThrownBy(() -> Grammar.ofJsonSchema(schema))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(hint == null ? "" : hint);
    }

    @Test
    void itemsOfOneSchemaAreNotTakenBesideThePrefixOfAnother() {
        String prefix = "{\"prefixItems\": [{\"type\": \"string\"}]}";
        String items = "{\"items\": {\"type\": \"number\"}}";
        for (String order : new String[] {prefix + "," + items, items + "," + prefix}) {
            assertThatThrownBy(() -> Grammar.ofJsonSchema("{\"allOf\": [" + order + "]}"))
                    .isInstanceOf(InvalidGrammarException.class)
                    .hasMessageContaining("items are subject to prefixItems");
        }
        String equal = "{\"allOf\": [{\"prefixItems\": [{\"const\": 1}], \"items\": {\"type\": \"boolean\"}},"
                + "{\"prefixItems\": [{\"const\": 1}], \"items\": {\"const\": true}}]}";
        assertAccepts(equal, "[1,true]");
        assertRejects(equal, "[1,false]");
    }

    @Test
    void nullIsAllowedOnlyIfAllSchemasThatHoldAtOnceAllowIt() {
        String nullable = "{\"type\": \"string\", \"nullable\": true}";
        String both = "{\"allOf\": [%s, {\"type\": \"string\"}]}".formatted(nullable);
        assertAccepts(both, "\"a\"");
        assertRejects(both, "null");
        assertAccepts("{\"allOf\": [%s, %s]}".formatted(nullable, nullable), "null", "\"a\"");
        assertRejects("{\"nullable\": true, \"minLength\": 1, \"allOf\": [{\"type\": \"string\"}]}", "null");
        assertAccepts("{\"nullable\": true, \"minLength\": 1}", "null", "\"a\"");
        assertRejects(
                "{\"$ref\": \"#/$defs/s\", \"nullable\": true, \"$defs\": {\"s\": {\"type\": \"string\"}}}", "null");
    }

    private void assertAccepts(String schema, String... texts) {
        judge(schema, true, texts);
    }

    private void assertRejects(String schema, String... texts) {
        judge(schema, false, texts);
    }

    private void judge(String schema, boolean accepted, String... texts) {
        CompiledGrammar grammar = vocabulary.compile(Grammar.ofJsonSchema(schema));
        for (String text : texts) {
            for (long seed = 0; seed < 3; seed++) {
                assertThat(vocabulary.accepts(grammar, text, new Random(seed)))
                        .as("%s, seed %d", text, seed)
                        .isEqualTo(accepted);
            }
        }
    }
}
