package io.tributary.grammars;

import java.lang.ref.WeakReference;

/** Where a text stands in its grammar. Immutable. */
public final class GrammarState {
    private final CompiledGrammar grammar;
    private final Configurations configurations;

    /** The cache that the configurations are of; a text that rests must not keep it. */
    private final WeakReference<StateCache> cache;

    GrammarState(CompiledGrammar grammar, Configurations configurations, StateCache cache) {
        this.grammar = grammar;
        this.configurations = configurations;
        this.cache = cache.reference();
    }

    /**
     * The state after one more token; an end-of-text token changes nothing.
     *
     * @throws IllegalStateException if the token is not allowed here
     * @throws InvalidGrammarException if the grammar is so ambiguous that the token cannot be read with bounded work
     */
    public GrammarState next(int token) {
        return grammar.next(this, token);
    }

    /**
     * The tokens that may come next: bit {@code i % 64} of word {@code i / 64} is token {@code i}. The array is shared:
     * read it only.
     *
     * <p>End-of-text tokens are allowed where the text is {@link #complete()}. A text that is not complete can always
     * go on if the vocabulary holds all single bytes, as byte fallback gives it. If it does not, there may be no token
     * to go on with: then nothing is allowed.
     *
     * @throws InvalidGrammarException if the grammar is so ambiguous that the mask cannot be found with bounded work
     */
    public long[] allowed() {
        return grammar.mask(this);
    }

    /** Whether the text so far is a whole text of the grammar. */
    public boolean complete() {
        return configurations.complete();
    }

    Configurations configurations() {
        return configurations;
    }

    /** Whether a cache has found this state, and not one before it. */
    boolean isOf(StateCache other) {
        return cache.refersTo(other);
    }
}
