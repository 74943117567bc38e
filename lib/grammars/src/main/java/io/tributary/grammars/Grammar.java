package io.tributary.grammars;

/** What a text may be. Immutable. */
public final class Grammar {
    private final Automaton automaton;

    private Grammar(Automaton automaton) {
        this.automaton = automaton;
    }

    /**
     * The JSON texts that are valid against a schema (a subset of draft 2020-12).
     *
     * <p>Followed are {@code type}, {@code properties}, {@code required}, {@code additionalProperties}, {@code items},
     * {@code prefixItems}, {@code minItems}, {@code maxItems}, {@code enum}, {@code const}, {@code anyOf}, {@code oneOf}
     * (as {@code anyOf}), {@code allOf} (merged), {@code $ref} within the schema, {@code pattern}, {@code minLength},
     * {@code maxLength}, {@code minimum}, {@code maximum}, {@code exclusiveMinimum}, {@code exclusiveMaximum},
     * {@code nullable} and the {@code format}s date, time, date-time, uuid, ipv4 and email. Annotations are passed over;
     * every other keyword is refused.
     *
     * <p>Not every valid text can be written, but every text that can be written is valid: properties come in the order
     * of their declaration, and then others, which an object with declared properties has only if
     * {@code additionalProperties} says so; one space may follow a comma or a colon, and there is no other white space;
     * numbers have at most 18 digits before the point and 30 after it, and an exponent, of at most 2 digits, only if they
     * have no bounds. Only {@code oneOf} and repeated names of undeclared properties are not checked.
     *
     * @throws InvalidGrammarException if the schema is no schema, or asks for what cannot be guaranteed
     */
    public static Grammar ofJsonSchema(String schema) {
        return new Grammar(JsonSchemaReader.read(schema));
    }

    /**
     * The texts that a regular expression matches as a whole.
     *
     * <p>The notation is what ECMA-262 and {@code java.util.regex} have in common, with {@code \d}, {@code \w} and
     * {@code \s} of ASCII characters, {@code \S} without any white space of Unicode, and {@code .} without line ends. Back-references, look-around and word boundaries
     * are refused.
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
