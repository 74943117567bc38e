package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadlines are for loops that do not end, not for speed. */
@Timeout(120)
class HostileGrammarTest {
    private static final List<String> PATTERNS = List.of(
            "^(a|[b-d]{2,3})+\\d*(?:x|y|)z$", "[^\\w\\s]{1,20}\\u{1f600}|\\x41?", "((a*)*b?){0,7}.+", "(?<n>a)|b{3,}");
    private static final List<String> GRAMMARS = List.of(
            "root ::= a | \"b\" (root)? # c\na ::= [a-z\\n\\x41]{2,5} \"\\u00e9\"*\n",
            "root ::= \"(\" root \")\" | [^()]+ | .\n");
    private static final String SPECIAL = "()[]{}|*+?\\^$\"#.:=,-0123456789\n uxUaroot\u00e9";

    private final TestVocabulary vocabulary = TestVocabulary.of(6, 200);

    @Test
    void changedPatternsAreTakenOrRefused() {
        fuzz(PATTERNS, Grammar::ofRegularExpression);
    }

    @Test
    void changedGrammarsAreTakenOrRefused() {
        fuzz(GRAMMARS, Grammar::ofGbnf);
    }

    @Test
    void changedSchemasAreTakenOrRefused() {
        List<String> schemas = new Random(1)
                .longs(20)
                .mapToObj(seed -> new RandomSchema(new Random(seed)).root().toString())
                .toList();
        fuzz(schemas, Grammar::ofJsonSchema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((a*)*)*)*b",
                "(a|a|aa)*b",
                "(a?){1000}b",
                "((a{0,9}){0,9}){0,9}b",
                "(a|b|ab)*",
                "(.*a){12}b",
                "((a*){3,9}){3,9}b"
            })
    void ambiguousPatternsAreFollowed(String pattern) {
        CompiledGrammar grammar = vocabulary.compile(Grammar.ofRegularExpression(pattern));
        assertThat(vocabulary.accepts(grammar, "a".repeat(40) + "b", new Random(1)))
                .isTrue();
        assertThat(vocabulary.accepts(grammar, "a".repeat(40) + "c", new Random(1)))
                .isFalse();
    }

    @Test
    void theNumberOfStacksDoesNotGrowWithTheNumberOfReadings() {
        CompiledGrammar grammar = vocabulary.compile(
                Grammar.ofGbnf("root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"a\" root \"b\" \"b\" | \"\""));
        GrammarState state = grammar.start();
        for (int depth = 0; depth < 300; depth++) {
            assertThat(Walk.isAllowed(state, 'b')).isEqualTo(depth > 0);
            state = state.next('a');
        }
        for (int depth = 0; depth < 300; depth++) {
            state = state.next(depth % 2 == 0 ? 'b' : 'c');
        }
        assertThat(state.complete()).isTrue();
    }

    @Test
    void aGrammarOfTooManyReadingsIsRefusedWhileItIsFollowed() {
        GrammarState start = manyReadings(13_500).start();
        assertThatThrownBy(start::allowed)
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining("ambiguous");
    }

    @Test
    void aGrammarWhoseReadingsAreFoundInAFewAttemptsIsFollowedByANewCacheToo() {
        GrammarState start = manyReadings(4_000).start();
        assertThat(Walk.isAllowed(start, 'a')).isTrue();
    }

    /** Repeated alternatives, between which a text does not decide. */
    private CompiledGrammar manyReadings(int alternatives) {
        StringBuilder choice = new StringBuilder("root::=(");
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < alternatives; i++) {
            String name = Integer.toString(i, 36);
            choice.append(i == 0 ? "" : "|").append(name);
            rules.append(name).append("::=\"").append((char) ('a' + i % 26)).append("\"\n");
        }
        return vocabulary.compile(Grammar.ofGbnf(choice + "){0,1000}\n" + rules));
    }

    @Test
    void deepNestingIsRefusedNotOverflowed() {
        assertRefused("(".repeat(10_000) + "a" + ")".repeat(10_000), Grammar::ofRegularExpression);
        assertRefused("root ::= " + "(".repeat(50_000) + "\"a\"", Grammar::ofGbnf);
        assertRefused("{\"items\":".repeat(60_000) + "{}" + "}".repeat(60_000), Grammar::ofJsonSchema);
        assertRefused("root ::= \"a\"" + "*".repeat(10_000), Grammar::ofGbnf);
    }

    @Test
    void largeGrammarsAreRefusedNotBuilt() {
        assertRefused("a".repeat(30_000), Grammar::ofRegularExpression);
        assertRefused("root ::= \"" + "a".repeat(300_000) + "\"", Grammar::ofGbnf);
        assertRefused("{\"const\": \"" + "a".repeat(400_000) + "\"}", Grammar::ofJsonSchema);
        StringBuilder rules = new StringBuilder("root ::= \"x\"\n");
        for (int i = 0; i < 15_000; i++) {
            rules.append('r').append(i).append(" ::= \"\"\n");
        }
        assertThat(Grammar.ofGbnf(rules.toString())).isNotNull();
        for (int i = 0; i < 6_000; i++) {
            rules.append('s').append(i).append(" ::= \"\"\n");
        }
        assertRefused(rules.toString(), Grammar::ofGbnf);
    }

    @Test
    void messagesAreShortEvenIfNamesAreLong() {
        assertThatThrownBy(() -> Grammar.ofGbnf("root ::= " + "a".repeat(100_000)))
                .isInstanceOf(InvalidGrammarException.class)
                .message()
                .startsWith("GBNF line 1")
                .hasSizeLessThan(1_100);
    }

    @Test
    void schemasThatMultiplyWhenMergedAreRefused() {
        StringBuilder schema = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
        for (int i = 0; i < 30; i++) {
            String next = "{\"$ref\": \"#/$defs/d" + (i + 1) + "\", \"title\": \"t\"}";
            schema.append("\"d%d\": {\"allOf\": [%s, %s]},".formatted(i, next, next));
        }
        assertRefused(schema + "\"d30\": {\"type\": \"null\"}}}", Grammar::ofJsonSchema);
    }

    @Test
    void longChainsOfReferencesAreFollowed() {
        StringBuilder schema = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
        for (int i = 0; i < 400; i++) {
            schema.append("\"d%d\": {\"$ref\": \"#/$defs/d%d\"},".formatted(i, i + 1));
        }
        CompiledGrammar grammar = vocabulary.compile(Grammar.ofJsonSchema(schema + "\"d400\": {\"type\": \"null\"}}}"));
        assertThat(vocabulary.accepts(grammar, "null", new Random(1))).isTrue();
    }

    @Test
    void manyNamesBesideOthersAreRefusedBeforeTheyAreBuilt() {
        StringBuilder schema = new StringBuilder("{\"additionalProperties\": true, \"properties\": {\"a\": true");
        for (int i = 0; i < 1_000; i++) {
            schema.append(",\"").append(i).append("x".repeat(200)).append("\": true");
        }
        assertThatThrownBy(() -> Grammar.ofJsonSchema(schema + "}}"))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining("at most 10000 characters together");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"anyOf\":[{\"$ref\":\"#\"}]}",
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#\",\"minItems\":1}}",
                "{\"anyOf\":[{\"properties\":{\"a\":{\"minLength\":1,\"$ref\":\"#\"}}}]}"
            })
    void referencesThatLeadBackToThemselvesAreRefusedNotFollowedForEver(String schema) {
        assertRefused(schema, Grammar::ofJsonSchema);
    }

    @Test
    void longClassesOfCharactersAreRead() {
        StringBuilder characters = new StringBuilder();
        for (int c = 0x4e00; c < 0x4e00 + 18_000; c += 2) {
            characters.appendCodePoint(c);
        }
        CharacterSet expected = CharacterSet.of(characters.toString());
        Source source = new Source(characters + "]", "class", 20_000, Integer::toString);
        assertThat(RegularExpressionClasses.bracketed(source)).isEqualTo(expected);
    }

    private void fuzz(List<String> sources, Function<String, Grammar> reader) {
        int taken = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            String source = changed(sources.get(random.nextInt(sources.size())), random);
            try {
                GrammarState start = vocabulary.compile(reader.apply(source)).start();
                assertThat(start.complete() || hasAny(start.allowed()))
                        .as("seed %d, %s", seed, source)
                        .isTrue();
                taken++;
            } catch (InvalidGrammarException refused) {
                assertThat(refused.getMessage()).as("seed %d, %s", seed, source).isNotBlank();
            } catch (RuntimeException | StackOverflowError failure) {
                throw new AssertionError("seed " + seed + ", " + source, failure);
            }
        }
        assertThat(taken).isPositive();
    }

    private static boolean hasAny(long[] mask) {
        for (long word : mask) {
            if (word != 0) {
                return true;
            }
        }
        return false;
    }

    /** Some places changed, left out, doubled or filled with what is special; now and then nothing but noise. */
    private static String changed(String source, Random random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            return new String(noise, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(source);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + 1 + random.nextInt(6));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, SPECIAL.charAt(random.nextInt(SPECIAL.length())));
                case 1 -> text.delete(at, Math.min(to, at + text.length() - 1));
                case 2 -> text.insert(at, text.substring(at, to).repeat(1 + random.nextInt(5)));
                default -> text.insert(at, SPECIAL.charAt(random.nextInt(SPECIAL.length())));
            }
        }
        return text.toString();
    }

    private static void assertRefused(String source, Function<String, Grammar> reader) {
        assertThatThrownBy(() -> reader.apply(source)).isInstanceOf(InvalidGrammarException.class);
    }
}
