package io.tributary.grammars;

import io.tributary.grammars.StateCache.State;
import java.util.Set;

/**
 * A grammar for a vocabulary; caches masks by grammar state, within a bound of some tens of megabytes. For many
 * threads.
 */
public final class CompiledGrammar {
    private static final long CACHE_BYTES = 32L << 20;

    private final Automaton automaton;
    private final TokenVocabulary vocabulary;
    private final long[] endOfText;
    private final long cacheBytes;
    private volatile StateCache cache;

    private CompiledGrammar(Automaton automaton, TokenVocabulary vocabulary, long[] endOfText, long cacheBytes) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
        this.endOfText = endOfText;
        this.cacheBytes = cacheBytes;
        this.cache = new StateCache(automaton, cacheBytes);
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

    /** The same with a bound for what is cached, roughly. */
    static CompiledGrammar of(Grammar grammar, TokenVocabulary vocabulary, Set<Integer> endOfText, long cacheBytes) {
        long[] bits = new long[(vocabulary.size() + 63) / 64];
        for (int token : endOfText) {
            if (token < 0 || token >= vocabulary.size()) {
                throw new IllegalArgumentException("end-of-text token " + token
                        + " is not one of the vocabulary's tokens, 0 to " + (vocabulary.size() - 1));
            }
            bits[token >> 6] |= 1L << token;
        }
        return new CompiledGrammar(grammar.automaton(), vocabulary, bits, cacheBytes);
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
        StateCache now = roomyCache();
        State state = stateIn(now, before);
        Work work = new Work();
        for (byte b : piece) {
            state = now.next(state, automaton.classes().of(b & 0xff), work);
        }
        if (state == now.dead()) {
            throw notAllowed(token, "leads to no text of the grammar");
        }
        return new GrammarState(this, state.configurations(), now);
    }

    long[] mask(GrammarState grammarState) {
        StateCache now = roomyCache();
        Work work = new Work();
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
        StateCache now = cache;
        if (now.full()) {
            now = new StateCache(automaton, cacheBytes);
            cache = now;
        }
        return now;
    }

    private static IllegalStateException notAllowed(int token, String why) {
        return new IllegalStateException("token " + token + " is not allowed here: it " + why);
    }
}
