package io.tributary.grammars;

/**
 * A grammar is wrong, unsupported or too costly.
 *
 * <p>The message names the place (a JSON pointer, a character offset or a line) and what would be right. It is also
 * thrown while a text is followed, by {@link GrammarState#allowed()} and {@link GrammarState#next(int)}, if the grammar
 * turns out to be so ambiguous that one mask costs more than its bounded work.
 */
public final class InvalidGrammarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 1_000;

    /** An exception with a message for whoever wrote the grammar; what is too long to be read is cut. */
    public InvalidGrammarException(String message) {
        super(message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...");
    }
}
