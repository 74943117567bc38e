package io.tributary.grammars;

import java.util.function.IntFunction;

/** The characters of a grammar's text, read one after another. */
final class Source {
    /** What stands after the last character. */
    static final int END = -1;

    private final int[] characters;
    private final IntFunction<String> place;
    private int at;

    /**
     * A source at its first character.
     *
     * @param kind what the text is, for messages
     * @param limit how many characters it may have
     * @param place the words for an offset, for messages
     */
    Source(String text, String kind, int limit, IntFunction<String> place) {
        if (text.length() > limit) {
            throw new InvalidGrammarException(
                    "the " + kind + " has " + text.length() + " characters; at most " + limit + " are taken");
        }
        this.characters = text.codePoints().toArray();
        this.place = place;
        for (int i = 0; i < characters.length; i++) {
            if (Character.MIN_SURROGATE <= characters[i] && characters[i] <= Character.MAX_SURROGATE) {
                throw errorAt(i, "half of a surrogate pair stands alone; a text must be valid Unicode");
            }
        }
    }

    int offset() {
        return at;
    }

    /** The next character, not taken; {@link #END} after the last. */
    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return at + ahead < characters.length ? characters[at + ahead] : END;
    }

    /** Takes the next character; {@link #END} after the last. */
    int take() {
        int character = peek();
        if (character != END) {
            at++;
        }
        return character;
    }

    /** Takes the text if it comes next. */
    boolean takeIf(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (peek(i) != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    /** A number of exactly this many hexadecimal digits, at most 8. */
    int takeHexadecimal(int digits) {
        int from = at;
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(peek() < 128 ? peek() : ' ', 16);
            if (digit < 0) {
                throw errorAt(from, digits + " hexadecimal digits are needed here");
            }
            at++;
            value = value << 4 | digit;
        }
        return value;
    }

    /** A decimal number up to {@code limit}; {@link #END} if no digit comes next. */
    int takeNumber(int limit) {
        int from = at;
        long value = 0;
        while ('0' <= peek() && peek() <= '9') {
            value = 10 * value + take() - '0';
            if (value > limit) {
                throw errorAt(from, "a number of at most " + limit + " is needed here");
            }
        }
        return at == from ? END : (int) value;
    }

    InvalidGrammarException error(String message) {
        return errorAt(at, message);
    }

    InvalidGrammarException errorAt(int offset, String message) {
        return new InvalidGrammarException(place.apply(offset) + ": " + message);
    }
}
