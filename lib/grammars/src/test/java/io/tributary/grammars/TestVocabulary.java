package io.tributary.grammars;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A vocabulary as models have it: all single bytes, pieces of text, parts of characters, and an end-of-text token. */
final class TestVocabulary {
    static final int END_OF_TEXT = 256;

    private static final String[] PIECES = {
        "\"",
        "\":",
        "\": ",
        "\",",
        "\", \"",
        "\"}",
        "\"]",
        "{\"",
        "[\"",
        "[[",
        "]]",
        "}}",
        "},",
        "}, {",
        "],",
        " ",
        "  ",
        ", ",
        ",\"",
        "true",
        "false",
        "null",
        "tr",
        "ue",
        "nul",
        "l",
        "name",
        "age",
        "value",
        "\"name\"",
        "\"name\": ",
        "items",
        "\"a\":",
        "\"b\"",
        "0",
        "00",
        "12",
        "2024",
        "-0",
        "-1",
        ".5",
        "0.",
        "1e",
        "E+",
        "-02-",
        "T1",
        "Z",
        "the",
        " the",
        "an",
        "ab",
        "abc",
        "bc",
        "aa",
        "ba",
        "é",
        "éa",
        "日",
        "日本",
        "語",
        "😀",
        "😀a",
        "\\",
        "\\n",
        "\\u00",
        "\\\"",
        "\\\\",
        "\n",
        "\n\n",
        "\t",
        "(",
        ")",
        "x+",
        "=",
        "@",
        ".com"
    };

    private final List<byte[]> pieces;
    private final TokenVocabulary vocabulary;

    private TestVocabulary(List<byte[]> pieces) {
        this.pieces = pieces;
        this.vocabulary = TokenVocabulary.of(pieces.size(), pieces::get, token -> token == END_OF_TEXT);
    }

    /** The single bytes and the end of text, fixed pieces, and {@code count} random joins and cuts of those. */
    static TestVocabulary of(long seed, int count) {
        Random random = new Random(seed);
        List<byte[]> pieces = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            pieces.add(new byte[] {(byte) b});
        }
        pieces.add("</s>".getBytes(StandardCharsets.UTF_8));
        for (String piece : PIECES) {
            pieces.add(piece.getBytes(StandardCharsets.UTF_8));
        }
        for (int i = 0; i < count; i++) {
            byte[] joined = (PIECES[random.nextInt(PIECES.length)] + PIECES[random.nextInt(PIECES.length)])
                    .getBytes(StandardCharsets.UTF_8);
            int from = random.nextInt(joined.length);
            int to = from + 1 + random.nextInt(joined.length - from);
            pieces.add(Arrays.copyOfRange(joined, from, to));
        }
        return new TestVocabulary(pieces);
    }

    int size() {
        return pieces.size();
    }

    byte[] piece(int token) {
        return pieces.get(token);
    }

    CompiledGrammar compile(Grammar grammar) {
        return CompiledGrammar.of(grammar, vocabulary, Set.of(END_OF_TEXT));
    }

    CompiledGrammar compile(Grammar grammar, MaskBudget budget) {
        return CompiledGrammar.of(grammar, vocabulary, Set.of(END_OF_TEXT), budget);
    }

    CompiledGrammar compile(Grammar grammar, long cacheBytes) {
        return CompiledGrammar.of(grammar, vocabulary, Set.of(END_OF_TEXT), cacheBytes);
    }

    /** The tokens of these pieces. */
    int[] tokensOf(String[] wanted) {
        return Arrays.stream(wanted)
                .mapToInt(piece -> IntStream.range(0, size())
                        .filter(token -> Arrays.equals(pieces.get(token), piece.getBytes(StandardCharsets.UTF_8)))
                        .findFirst()
                        .orElseThrow())
                .toArray();
    }

    /** Whether a grammar accepts a text that is cut into tokens at random; masks and steps must agree on the way. */
    boolean accepts(CompiledGrammar grammar, String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        GrammarState state = grammar.start();
        int at = 0;
        while (at < bytes.length) {
            int token = tokenAt(bytes, at, random);
            if (!Walk.isAllowed(state, token)) {
                Walk.assertRefuses(state, token);
                return false;
            }
            state = state.next(token);
            at += pieces.get(token).length;
        }
        return state.complete();
    }

    private int tokenAt(byte[] bytes, int at, Random random) {
        for (int attempt = 0; attempt < 8; attempt++) {
            int token = END_OF_TEXT + 1 + random.nextInt(pieces.size() - END_OF_TEXT - 1);
            byte[] piece = pieces.get(token);
            if (at + piece.length <= bytes.length
                    && Arrays.equals(piece, 0, piece.length, bytes, at, at + piece.length)) {
                return token;
            }
        }
        return bytes[at] & 0xff;
    }
}
