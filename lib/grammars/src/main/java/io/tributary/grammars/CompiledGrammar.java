package io.tributary.grammars;

import java.util.Set;

/** A grammar for a vocabulary; caches masks by grammar state, within a bound. For many threads. */
public final class CompiledGrammar {
    private CompiledGrammar() {}

    /**
     * Prepares a grammar for a vocabulary.
     *
     * @param endOfText the tokens that end a text, allowed where the text may end
     */
    public static CompiledGrammar of(Grammar grammar, TokenVocabulary vocabulary, Set<Integer> endOfText) {
        return new CompiledGrammar();
    }

    /** The state before the first token. */
    public GrammarState start() {
        return new GrammarState(this);
    }
}
