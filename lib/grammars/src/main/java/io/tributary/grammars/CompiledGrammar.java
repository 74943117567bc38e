package io.tributary.grammars;

import io.tributary.grammars.StateCache.State;
import java.util.Set;
import java.util.function.Function;

/**
 * A grammar for a vocabulary; caches masks by grammar state, within a bound of 32 MB, or of what it shares with
 * others. For many threads.
 *
 * <p>The work for one mask or one token is bounded, and what is cached costs none. So whether a grammar is too ambiguous
 * may depend on what was asked before: one that needs some times the bound may be refused where it is new, and followed
 * where most of it is cached. Far from there it makes no difference.
 */
public final class CompiledGrammar {
    private static final long CACHE_BYTES = 32L << 20;

    /** How often the work for one mask or one token is begun before the grammar is too ambiguous. */
    private static final int ATTEMPTS = 3;

    private final Automaton automaton;
    private final TokenVocabulary vocabulary;
    private final long[] endOfText;
    private final long cacheBytes;
    private final MaskBudget budget;
    private volatile StateCache cache;

    private CompiledGrammar(
            Automaton automaton, TokenVocabulary vocabulary, long[] endOfText, long cacheBytes, MaskBudget budget) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
        this.endOfText = endOfText;
        this.cacheBytes = cacheBytes;
        this.budget = budget;
        this.cache = new StateCache(automaton, cacheBytes, budget);
    }

    /**
     * Prepares a grammar for a vocabulary.
     *
     * @param endOfText the tokens that end a text, allowed where the text may end
     * @throws IllegalArgumentException if an end-of-text token is not in the vocabulary
     */
    public static CompiledGrammar of(Grammar grammar, TokenVocabulary vocabulary, Set<Integer> endOfText) {
        return of(grammar, vocabulary, endOfText, CACHE_BYTES);
    }

    /**
     * Prepares a grammar for a vocabulary; what it caches counts against a budget that it shares with others.
     *
     * @param endOfText the tokens that end a text, allowed where the text may end
     * @throws IllegalArgumentException if an end-of-text token is not in the vocabulary
     */
    public static CompiledGrammar of(
            Grammar grammar, TokenVocabulary vocabulary, Set<Integer> endOfText, MaskBudget budget) {
        return of(grammar, vocabulary, endOfText, CACHE_BYTES, budget);
    }

    /** The same with a bound for what is cached, roughly. */
    static CompiledGrammar of(Grammar grammar, TokenVocabulary vocabulary, Set<Integer> endOfText, long cacheBytes) {
        return of(grammar, vocabulary, endOfText, cacheBytes, new MaskBudget(cacheBytes));
    }

    private static CompiledGrammar of(
            Grammar grammar, TokenVocabulary vocabulary, Set<Integer> endOfText, long cacheBytes, MaskBudget budget) {
        long[] bits = new long[(vocabulary.size() + 63) / 64];
        for (int token : endOfText) {
            if (token < 0 || token >= vocabulary.size()) {
                throw new IllegalArgumentException("end-of-text token " + token
                        + " is not one of the vocabulary's tokens, 0 to " + (vocabulary.size() - 1));
            }
            bits[token >> 6] |= 1L << token;
        }
        CompiledGrammar compiled = new CompiledGrammar(grammar.automaton(), vocabulary, bits, cacheBytes, budget);
        budget.join(compiled);
        return compiled;
    }

    /** The state before the first token. */
    public GrammarState start() {
        StateCache now = roomyCache();
        return new GrammarState(this, now.start().configurations(), now);
    }

    boolean endsText(int token) {
        return (endOfText[token >> 6] >>> token & 1) != 0;
    }

    GrammarState next(GrammarState before, int token) {
        if (token < 0 || token >= vocabulary.size()) {
            throw notAllowed(token, "is not in the vocabulary of " + vocabulary.size() + " tokens");
        }
        if (endsText(token)) {
            if (!before.complete()) {
                throw notAllowed(token, "ends the text, which is not complete");
            }
            return before;
        }
        byte[] piece = vocabulary.piece(token);
        if (piece.length == 0) {
            throw notAllowed(token, "stands for no text");
        }
        GrammarState next = boundedly(work -> after(before, piece, work));
        if (next.configurations().dead()) {
            throw notAllowed(token, "leads to no text of the grammar");
        }
        return next;
    }

    private GrammarState after(GrammarState before, byte[] piece, Work work) {
        StateCache now = roomyCache();
        State state = stateIn(now, before);
        for (byte b : piece) {
            state = now.next(state, automaton.classes().of(b & 0xff), work);
        }
        return new GrammarState(this, state.configurations(), now);
    }

    long[] mask(GrammarState grammarState) {
        return boundedly(work -> findMask(grammarState, work));
    }

    /**
     * What was found before costs no work. So that a cold cache refuses little that a warm one would not, work that is
     * too much is begun again a few times: by then the cache has what was found.
     */
    private static <T> T boundedly(Function<Work, T> step) {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                return step.apply(new Work());
            } catch (InvalidGrammarException tooMuch) {
                // The last attempt tells.
            }
        }
        return step.apply(new Work());
    }

    private long[] findMask(GrammarState grammarState, Work work) {
        StateCache now = roomyCache();
        State state = now.clamped(stateIn(now, grammarState), vocabulary.longest() + 1, work);
        long[] known = state.mask();
        if (known != null) {
            return known;
        }
        long[] mask = new MaskWalk(automaton, vocabulary, now, work).from(state);
        boolean complete = state.configurations().complete();
        for (int word = 0; word < mask.length; word++) {
            mask[word] = complete ? mask[word] | endOfText[word] : mask[word] & ~endOfText[word];
        }
        now.mask(state, mask);
        return mask;
    }

    private static State stateIn(StateCache cache, GrammarState state) {
        return state.isOf(cache) ? cache.state(state.configurations()) : cache.adopt(state.configurations());
    }

    private StateCache roomyCache() {
        if (budget.spent()) {
            budget.makeRoom();
        }
        if (cache.full()) {
            dropCache();
        }
        return cache;
    }

    /** Bytes that are cached, roughly. */
    long cachedBytes() {
        return cache.bytes();
    }

    /** Begins a new cache; the old one goes when the masks under way have been found. */
    void dropCache() {
        cache = new StateCache(automaton, cacheBytes, budget);
    }

    private static IllegalStateException notAllowed(int token, String why) {
        return new IllegalStateException("token " + token + " is not allowed here: it " + why);
    }
}
