package io.tributary.grammars;

/** Where a text stands in its grammar. Immutable. */
public final class GrammarState {
    private final CompiledGrammar grammar;

    GrammarState(CompiledGrammar grammar) {
        this.grammar = grammar;
    }

    /**
     * The state after one more token; an end-of-text token changes nothing.
     *
     * @throws IllegalStateException if the token is not allowed here
     */
    public GrammarState next(int token) {
        return new GrammarState(grammar);
    }

    /**
     * The tokens that may come next: bit {@code i % 64} of word {@code i / 64} is token {@code i}. The array is shared: read it only.
     *
     * <p>End-of-text tokens are allowed where the text is {@link #complete()}. If the vocabulary has no way to go on, which cannot
     * happen when it holds all single bytes, nothing is allowed.
     */
    public long[] allowed() {
        return new long[0];
    }

    /** Whether the text so far is a whole text of the grammar. */
    public boolean complete() {
        return false;
    }
}
