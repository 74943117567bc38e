package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GbnfTest {
    private static final String ARITHMETIC = """
            # sums of products, with brackets
            root    ::= sum
            sum     ::= product (ws [-+] ws product)*
            product ::= factor (ws ("*" | "/") ws factor)*
            factor  ::= number | "-" factor | "(" ws sum ws ")"
            number  ::= "0" | [1-9] [0-9]{0,5}
            ws      ::= " "{0,2}
            """;

    private static final String JSON = """
            root   ::= value
            value  ::= object | array | string | number | "true" | "false" | "null"
            object ::= "{" ws ( pair ("," ws pair)* )? "}" ws
            pair   ::= string ":" ws value
            array  ::= "[" ws (
                         value ("," ws value)*   # the items
                       )? "]" ws
            string ::= "\\"" ( [^"\\\\\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4}) )* "\\""
            number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)?
            ws     ::= [ \\t\\n]?
            """;

    private static final String LIST =
            "root ::= item+\nitem ::= \"- \" [^\\r\\n\\x0b\\x0c\\x85\\u2028\\u2029]+ \"\\n\"\n";

    private static final String CHESS = """
            root ::= "1. " move " " move "\\n" ([1-9] [0-9]? ". " move " " move "\\n")*
            move ::= (pawn | piece | castle) [+#]?
            piece ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]
            pawn ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBKQR])?
            castle ::= "O-O" "-O"?
            """;

    private static final String BRACKETS = "root ::= (\"(\" root \")\")*";

    private final TestVocabulary vocabulary = TestVocabulary.of(3, 400);

    @Test
    void sumsNestAsTheirRulesSay() {
        assertAccepts(ARITHMETIC, "0", "1+2", "12 * (3 - -4)  /  5", "((((7))))", "--1");
        assertRejects(ARITHMETIC, "", "1+", "01", "(1", "1)", "1   + 2", "1234567", "()");
    }

    @Test
    void jsonNestsToAnyDepthThatIsTaken() {
        assertAccepts(JSON, "{}", "[]", "{\"a\": [1, 2.5, {\"b\":null}]}", "\"\\u00e9\\n\"", "[[[[[]]]]]", "\"日本😀\"");
        assertRejects(JSON, "", "{", "{\"a\"}", "[1,]", "01", "\"\\x\"", "\"\n\"", "[1 2]", "nul");
    }

    @Test
    void repeatedLinesAreAList() {
        assertAccepts(LIST, "- a\n", "- milk\n- é\n");
        assertRejects(LIST, "", "- \n", "- a", "-a\n", "- a\u2028b\n");
    }

    @Test
    void chessMovesAreRecognized() {
        assertAccepts(CHESS, "1. e4 e5\n", "1. e4 e5\n2. Nf3 Nc6\n10. exd8=Q+ O-O-O#\n");
        assertRejects(CHESS, "1. e9 e5\n", "1. e4\n", "2. e4 e5\n", "1. e4 e5");
    }

    @Test
    void aRuleMayContainItselfAfterACharacter() {
        assertAccepts(BRACKETS, "", "()", "(())()", "((()())())");
        assertRejects(BRACKETS, "(", ")", "(()", "())", ")(");
    }

    @Test
    void charactersThatAreSplitOverTokensAreFollowed() {
        assertAccepts("root ::= [é-日]{2} \"😀\" [^a]", "é日😀b", "日日😀😀");
        assertRejects("root ::= [é-日]{2} \"😀\" [^a]", "é日😀a", "éa😀b", "é😀b");
        GrammarState state =
                vocabulary.compile(Grammar.ofGbnf("root ::= [é-ë]")).start();
        assertThat(Walk.isAllowed(state, 0xc3)).isTrue();
        GrammarState half = state.next(0xc3);
        assertThat(half.complete()).isFalse();
        assertThat(Walk.isAllowed(half, 0xa9)).isTrue();
        assertThat(Walk.isAllowed(half, 0xa8)).isFalse();
        assertThat(half.next(0xab).complete()).isTrue();
    }

    @Test
    void escapesAndRepetitionsMeanWhatTheNotationSays() {
        assertAccepts("root ::= \"\\x41\\u00e9\\U0001F600\\t\\\"\" .{2,3}", "Aé😀\t\"xy", "Aé😀\t\"\n\n\n");
        assertAccepts("root ::= [\\]\\-a]{2,} | a-rule?\na-rule ::= \"z\"", "]-a", "", "z");
        assertRejects("root ::= [\\]\\-a]{2,} | a-rule?\na-rule ::= \"z\"", "]", "zz");
        assertAccepts("root ::=\n  \"a\" |\n  \"b\" (\n \"c\"\n | \"d\" )\r\n# end", "a", "bc", "bd");
    }

    @Test
    void nestingIsBoundedAndCanStillBeEnded() {
        GrammarState state = vocabulary.compile(Grammar.ofGbnf(BRACKETS)).start();
        int depth = 0;
        while (Walk.isAllowed(state, '(')) {
            state = state.next('(');
            depth++;
        }
        assertThat(depth).isBetween(100, RuleAnalysis.MAX_DEPTH + 1);
        for (; depth > 0; depth--) {
            assertThat(state.complete()).isFalse();
            state = state.next(')');
        }
        assertThat(state.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= root \"a\" | \"b\"",
                "root ::= a\na ::= b? \"x\"\nb ::= c\nc ::= \"\" a",
                "root ::= \"\"* other\nother ::= root | \"x\""
            })
    void leftRecursionIsRefusedWithAHint(String grammar) {
        assertThatThrownBy(() -> Grammar.ofGbnf(grammar))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining("left-recursive")
                .hasMessageContaining("repetition");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root ::= \"a\" root", "root ::= (root)", "root ::= \"x\" a\na ::= \"(\" a \")\""})
    void aGrammarWithoutTextsIsRefused(String grammar) {
        assertThatThrownBy(() -> Grammar.ofGbnf(grammar))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining("no text at all");
    }

    @Test
    void errorsNameLineAndColumn() {
        assertError("root ::= \"a\"\nx = \"b\"", "line 2, column 3", "::=");
        assertError("root ::= a", "line 1, column 10", "rule a is not defined");
        assertError("root ::= [a", "line 1, column 10", "not closed");
        assertError("root ::= \"a", "line 1, column 10", "not closed");
        assertError("root ::= (\"a\"", "line 1, column 10", "not closed");
        assertError("root ::= \"a\"{3,1}", "line 1", "ascending");
        assertError("root ::= \"a\"{3000000}", "line 1", "at most 100000");
        assertError("root ::= \"\\q\"", "line 1, column 11", "escapes");
        assertError("root ::= \"a\" )", "line 1, column 14", "is needed here");
        assertError("a ::= \"a\"", "no rule root", "root ::=");
        assertError("root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1", "twice");
    }

    private void assertAccepts(String grammar, String... texts) {
        CompiledGrammar compiled = vocabulary.compile(Grammar.ofGbnf(grammar));
        for (String text : texts) {
            for (long seed = 0; seed < 5; seed++) {
                assertThat(vocabulary.accepts(compiled, text, new Random(seed)))
                        .as("%s, seed %d", text, seed)
                        .isTrue();
            }
        }
    }

    private void assertRejects(String grammar, String... texts) {
        CompiledGrammar compiled = vocabulary.compile(Grammar.ofGbnf(grammar));
        for (String text : texts) {
            for (long seed = 0; seed < 5; seed++) {
                assertThat(vocabulary.accepts(compiled, text, new Random(seed)))
                        .as("%s, seed %d", text, seed)
                        .isFalse();
            }
        }
    }

    private static void assertError(String grammar, String place, String hint) {
        assertThatThrownBy(() -> Grammar.ofGbnf(grammar))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(hint);
    }
}
