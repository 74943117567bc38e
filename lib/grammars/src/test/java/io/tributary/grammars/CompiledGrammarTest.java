package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CompiledGrammarTest {
    private static final String[] WORDS = {"a", "b", "ab", "", "abc", "<s>", "</s>", "ab"};
    private static final int EMPTY = 3;
    private static final int BEGIN = 5;
    private static final int END = 6;

    private final TokenVocabulary words =
            TokenVocabulary.of(WORDS.length, CompiledGrammarTest::word, token -> token == BEGIN || token == END);

    @Test
    void tokensAreAllowedIfATextOfTheGrammarGoesOnWithThem() {
        GrammarState state = compile("(ab)+|b").start();
        assertThat(allowed(state)).containsExactly(0, 1, 2, 7);
        assertThat(allowed(state.next(0))).containsExactly(1);
        assertThat(allowed(state.next(0).next(1))).containsExactly(0, 2, END, 7);
        assertThat(allowed(state.next(1))).containsExactly(END);
    }

    @Test
    void aTokenThatIsNotAllowedIsRefusedWithTheReason() {
        GrammarState state = compile("ab").start();
        assertRefused(state, 1, "leads to no text");
        assertRefused(state, 4, "leads to no text");
        assertRefused(state, EMPTY, "stands for no text");
        assertRefused(state, BEGIN, "stands for no text");
        assertRefused(state, END, "not complete");
        assertRefused(state, WORDS.length, "not in the vocabulary");
        assertRefused(state, -1, "not in the vocabulary");
    }

    @Test
    void theEndOfTextIsAllowedExactlyWhereTheTextIsComplete() {
        GrammarState state = compile("a?").start();
        assertThat(state.complete()).isTrue();
        assertThat(allowed(state)).containsExactly(0, END);
        GrammarState ended = state.next(0).next(END);
        assertThat(ended.complete()).isTrue();
        assertThat(allowed(ended)).containsExactly(END);
    }

    @Test
    void anEndOfTextTokenIsNeverTheTextThatItIsWrittenAs() {
        CompiledGrammar grammar = CompiledGrammar.of(Grammar.ofRegularExpression("(ab)+"), words, Set.of(2));
        GrammarState state = grammar.start();
        assertThat(allowed(state)).containsExactly(0, 7);
        assertThat(allowed(state.next(7))).containsExactly(0, 2, 7);
        assertThat(state.next(7).next(2).complete()).isTrue();
    }

    @Test
    void anEndOfTextTokenThatIsNoTokenIsRefused() {
        Grammar grammar = Grammar.ofRegularExpression("a");
        assertThatThrownBy(() -> CompiledGrammar.of(grammar, words, Set.of(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 7");
    }

    @Test
    void nothingIsAllowedIfTheVocabularyHasNoWayOn() {
        assertThat(allowed(compile("ax").start().next(0))).isEmpty();
    }

    @Test
    void masksAreSharedByEqualStates() {
        CompiledGrammar grammar = compile("(a|b)*");
        GrammarState state = grammar.start();
        assertThat(state.next(0).next(1).allowed()).isSameAs(state.next(1).allowed());
    }

    @Test
    void countsThatNoTokenCanReachShareOneMask() {
        CompiledGrammar grammar = compile("[ab]{5,1000}");
        GrammarState state = grammar.start();
        for (int i = 0; i < 10; i++) {
            state = state.next(0);
        }
        long[] mask = state.allowed();
        for (int i = 0; i < 900; i++) {
            state = state.next(1);
            assertThat(state.allowed()).isSameAs(mask);
        }
        for (int i = 0; i < 89; i++) {
            state = state.next(i % 2);
        }
        assertThat(state.complete()).isTrue();
    }

    @Test
    void aFullCacheIsReplacedWithoutAnyChangeOfMasks() {
        TestVocabulary vocabulary = TestVocabulary.of(8, 300);
        Grammar source = Grammar.ofRegularExpression("(.*[ab].{12}c|[a-z]{0,900}x|\\D{3,800})");
        CompiledGrammar grammar = vocabulary.compile(source, 100_000);
        Random random = new Random(8);
        GrammarState resting = grammar.start();
        long[] first = resting.allowed();
        List<Integer> tokens = new ArrayList<>();
        GrammarState state = resting;
        for (int i = 0; i < 2_000; i++) {
            long[] mask = state.allowed();
            int token;
            do {
                token = random.nextInt(TestVocabulary.END_OF_TEXT);
            } while ((mask[token >> 6] >>> token & 1) == 0);
            tokens.add(token);
            state = state.next(token);
        }
        assertThat(grammar.start().allowed()).isEqualTo(first).isNotSameAs(first);
        GrammarState fresh = vocabulary.compile(source).start();
        for (int token : tokens) {
            assertThat(resting.allowed()).isEqualTo(fresh.allowed());
            resting = resting.next(token);
            fresh = fresh.next(token);
        }
        assertThat(resting.complete()).isEqualTo(state.complete());
    }

    @Test
    void grammarsOfOneBudgetMakeRoomForOneAnotherWithoutAnyChangeOfMasks() {
        TestVocabulary vocabulary = TestVocabulary.of(10, 300);
        long budgetBytes = 100_000;
        MaskBudget budget = new MaskBudget(budgetBytes);
        List<CompiledGrammar> grammars = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Grammar source = Grammar.ofRegularExpression("[a-z]{1,%d}|(.*[ab].{%d}c)".formatted(20 + i, 3 + i % 4));
            CompiledGrammar shared = vocabulary.compile(source, budget);
            grammars.add(shared);
            GrammarState fresh = vocabulary.compile(source).start();
            GrammarState state = shared.start();
            for (int j = 0; j < 15; j++) {
                assertThat(state.allowed()).isEqualTo(fresh.allowed());
                state = state.next('a' + j % 3);
                fresh = fresh.next('a' + j % 3);
            }
            shared.start();
            assertThat(grammars.stream().mapToLong(CompiledGrammar::cachedBytes).sum())
                    .isBetween(1L, budgetBytes + 10_000);
        }
        assertThat(grammars).anyMatch(grammar -> grammar.cachedBytes() == 0);
    }

    @Test
    void aStackSetCountsByItsFrames() {
        AtomicLong bytes = new AtomicLong();
        StackSets sets = new StackSets(bytes::addAndGet);
        StackSet one = sets.push(new StackSet.Frame(1, 0, 0), StackSet.BOTTOM);
        StackSet other = sets.push(new StackSet.Frame(2, 0, 0), StackSet.BOTTOM);
        long single = bytes.getAndSet(0) / 2;
        sets.union(one, other, new Work());
        assertThat(bytes.getAndSet(0)).isGreaterThan(single);
        sets.push(new StackSet.Frame(1, 0, 0), StackSet.BOTTOM);
        assertThat(bytes.get()).isZero();
    }

    @Test
    void manyThreadsFindTheSameMasks() throws Exception {
        TestVocabulary vocabulary = TestVocabulary.of(9, 300);
        Grammar source = Grammar.ofJsonSchema("{\"items\": {\"type\": [\"object\", \"string\"], \"maxLength\": 40}}");
        Walk walk = Walk.ofJson(vocabulary, vocabulary.compile(source), new Random(9), 200);
        List<long[]> expected = masks(vocabulary.compile(source), walk.tokens());
        CompiledGrammar shared = vocabulary.compile(source);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<List<long[]>> follow = () -> masks(shared, walk.tokens());
            for (Future<List<long[]>> masks : threads.invokeAll(List.of(follow, follow, follow, follow))) {
                assertThat(masks.get()).usingElementComparator(Arrays::compare).isEqualTo(expected);
            }
        }
    }

    private static List<long[]> masks(CompiledGrammar grammar, List<Integer> tokens) {
        List<long[]> masks = new ArrayList<>();
        GrammarState state = grammar.start();
        for (int token : tokens) {
            masks.add(state.allowed());
            state = state.next(token);
        }
        return masks;
    }

    private CompiledGrammar compile(String pattern) {
        return CompiledGrammar.of(Grammar.ofRegularExpression(pattern), words, Set.of(END));
    }

    private static byte[] word(int token) {
        return WORDS[token].getBytes(StandardCharsets.UTF_8);
    }

    private static int[] allowed(GrammarState state) {
        return BitSet.valueOf(state.allowed()).stream().toArray();
    }

    private static void assertRefused(GrammarState state, int token, String reason) {
        assertThatThrownBy(() -> state.next(token))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("token " + token)
                .hasMessageContaining(reason);
    }
}
