package io.tributary.grammars;

/** What a text may be. Immutable. */
public final class Grammar {
    private final Automaton automaton;

    private Grammar(Automaton automaton) {
        this.automaton = automaton;
    }

    /**
     * The JSON texts that are valid against a schema.
     *
     * @throws InvalidGrammarException if the schema is no schema, or asks for what cannot be guaranteed
     */
    public static Grammar ofJsonSchema(String schema) {
        return new Grammar(JsonSchemaReader.read(schema));
    }

    /**
     * The texts that a regular expression matches as a whole.
     *
     * @throws InvalidGrammarException if the pattern is wrong or not regular
     */
    public static Grammar ofRegularExpression(String pattern) {
        return new Grammar(RegularExpressionReader.read(pattern));
    }

    /**
     * The texts of a grammar in the GBNF notation of llama.cpp; its start symbol is {@code root}.
     *
     * @throws InvalidGrammarException if the grammar is wrong or left-recursive
     */
    public static Grammar ofGbnf(String grammar) {
        return new Grammar(GbnfReader.read(grammar));
    }

    Automaton automaton() {
        return automaton;
    }
}
