package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTest {
    private final TestVocabulary vocabulary = TestVocabulary.of(5, 300);

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "^a+$ aa ab",
                "a|^b$|cd b c",
                "(?<year>\\d{4})-(?:0[1-9]|1[0-2]) 2024-12 2024-13",
                "[\\w.-]+@\\w+\\.(?:com|org) a.b-c@d.org a@b.net",
                "\\u{1f600}{2,3}? 😀😀 😀",
                "\\ud83d\\ude00é 😀é é",
                "[^\\d\\s]+ ab日 a1",
                "a{0}b b ab",
                "(a{2}){1,2} aaaa aaa",
                "x*?y+? xxy xx",
                "[a\\]b-]* ]-ab c"
            })
    void aTextMatchesAsAWhole(String pattern, String match, String other) {
        CompiledGrammar grammar = vocabulary.compile(Grammar.ofRegularExpression(pattern));
        assertThat(vocabulary.accepts(grammar, match, new Random(1))).isTrue();
        assertThat(vocabulary.accepts(grammar, other, new Random(1))).isFalse();
    }

    @Test
    void countsAreKeptExactly() {
        CompiledGrammar grammar = vocabulary.compile(Grammar.ofRegularExpression("(ab?){3,1000}"));
        Random random = new Random(7);
        for (int count : new int[] {0, 1, 2, 3, 4, 400, 999, 1000, 1001, 1002}) {
            String text = "aab".repeat(count / 2) + "a".repeat(count % 2);
            assertThat(vocabulary.accepts(grammar, text, random))
                    .as("%d times", count)
                    .isEqualTo(3 <= count && count <= 1000);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\u0001',
            value = {
                "a(b character+1 not+closed",
                "ab) character+2 no+group+is+open",
                "(a)\\1 character+3 back-references",
                "a(?=b) character+1 look-around",
                "(?<!a)b character+0 look-around",
                "(?i)a character+0 flags",
                "*a character+0 nothing+to+repeat",
                "a**b character+2 repeats+a+repetition",
                "a{2,1} character+1 ascending",
                "a{,3} character+1 {m,n}",
                "a{200000} character+2 100000",
                "\\bx character+0 boundaries",
                "\\p{L} character+0 ranges",
                "\\q character+0 no+escape",
                "[a-\\d] character+1 range",
                "[z-a] character+1 later+one",
                "[abc character+0 not+closed",
                "[]-] character+0 empty",
                "\\u12 character+2 hexadecimal",
                "\\ud800 character+0 surrogate",
                "a^b character+1 start+of+the+pattern",
                "a$b character+2 must+end",
                "(a$) character+2 end+of+the+pattern",
                "a*+ character+2 possessive",
                "a\\ character+1 must+follow"
            })
    void whatIsNotTakenIsRefusedWithItsPlace(String pattern, String place, String hint) {
        assertThatThrownBy(() -> Grammar.ofRegularExpression(pattern))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining(place.replace('+', ' ') + ":")
                .hasMessageContaining(hint.replace('+', ' '));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\S", "[\\S]", "[^\\s]"})
    void noWhiteSpaceOfAnyNotationIsSomethingElse(String pattern) {
        assertMatches(pattern, "a", true);
        for (String space : List.of(" ", "\n", "\u00a0", "\u2003", "\u2028", "\ufeff")) {
            assertMatches(pattern, space, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\s", "[\\s]", "[^\\S]"})
    void whiteSpaceIsWhatAllNotationsTakeForIt(String pattern) {
        assertMatches(pattern, " ", true);
        assertMatches(pattern, "\u00a0", false);
        assertMatches(pattern, "a", false);
    }

    private void assertMatches(String pattern, String text, boolean matches) {
        CompiledGrammar grammar = vocabulary.compile(Grammar.ofRegularExpression(pattern));
        assertThat(vocabulary.accepts(grammar, text, new Random(1)))
                .as("%s, U+%04x", pattern, text.codePointAt(0))
                .isEqualTo(matches);
    }
}
