package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A model with random weights: any allowed token comes next, and after a while rather those that end something. */
final class Walk {
    /** Single bytes that lead to the end of a JSON text, the surest first. */
    private static final int[] JSON_CLOSERS =
            "\"}]:0123456789eulsrat-abcdTZ.@,nftE".chars().toArray();

    private final TestVocabulary vocabulary;
    private final Random random;
    private final List<Integer> tokens = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private GrammarState state;

    private Walk(TestVocabulary vocabulary, CompiledGrammar grammar, Random random) {
        this.vocabulary = vocabulary;
        this.random = random;
        this.state = grammar.start();
    }

    /** A JSON text that ends where the grammar lets it; {@code wandering} tokens are without a wish to end. */
    static Walk ofJson(TestVocabulary vocabulary, CompiledGrammar grammar, Random random, int wandering) {
        return new Walk(vocabulary, grammar, random).end(wandering);
    }

    /** A text that ends by the least number of some tokens after {@code wandering} of any. */
    static Walk of(TestVocabulary vocabulary, CompiledGrammar grammar, Random random, int wandering, int[] closers) {
        Walk walk = new Walk(vocabulary, grammar, random);
        for (int count = 0; count < wandering; count++) {
            int token = walk.choose(false);
            if (token == TestVocabulary.END_OF_TEXT) {
                break;
            }
            walk.take(token);
        }
        walk.shortestEnd(closers).forEach(walk::take);
        return walk;
    }

    /** The tokens that lead to an end, by a search in breadth. */
    private List<Integer> shortestEnd(int[] closers) {
        record Reached(GrammarState state, List<Integer> tokens) {}
        Set<Configurations> seen = new HashSet<>();
        ArrayDeque<Reached> waiting = new ArrayDeque<>(List.of(new Reached(state, List.of())));
        while (!waiting.isEmpty()) {
            Reached reached = waiting.remove();
            if (reached.state.complete()) {
                return reached.tokens;
            }
            for (int token : closers) {
                if (isAllowed(reached.state, token)) {
                    GrammarState next = reached.state.next(token);
                    if (seen.add(next.configurations())) {
                        List<Integer> tokensThere = new ArrayList<>(reached.tokens);
                        tokensThere.add(token);
                        waiting.add(new Reached(next, tokensThere));
                    }
                }
            }
        }
        throw new AssertionError("no end after " + text());
    }

    private Walk end(int wandering) {
        for (int count = 0; count < wandering + 5_000; count++) {
            int token = choose(count >= wandering);
            if (token == TestVocabulary.END_OF_TEXT) {
                assertThat(state.complete()).isTrue();
                return this;
            }
            take(token);
        }
        throw new AssertionError("no end after " + text());
    }

    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw new AssertionError("the text is no UTF-8: " + bytes, broken);
        }
    }

    List<Integer> tokens() {
        return tokens;
    }

    static boolean isAllowed(GrammarState state, int token) {
        return (state.allowed()[token >> 6] >>> token & 1) != 0;
    }

    static void assertRefuses(GrammarState state, int token) {
        assertThatThrownBy(() -> state.next(token)).isInstanceOf(IllegalStateException.class);
    }

    private void take(int token) {
        state = state.next(token);
        tokens.add(token);
        bytes.writeBytes(vocabulary.piece(token));
    }

    private int choose(boolean closing) {
        if (closing && state.complete()) {
            return TestVocabulary.END_OF_TEXT;
        }
        if (closing && random.nextInt(3) > 0) {
            for (int token : JSON_CLOSERS) {
                if (isAllowed(state, token)) {
                    return token;
                }
            }
        }
        long[] mask = state.allowed();
        int[] allowed = IntStream.range(0, vocabulary.size())
                .filter(token -> (mask[token >> 6] >>> token & 1) != 0)
                .toArray();
        assertThat(allowed).as("tokens after %s", bytes).isNotEmpty();
        return allowed[random.nextInt(allowed.length)];
    }
}
