package io.tributary.tokenizers.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Cuts the inside of one tag into tokens. */
final class TagLexer {
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,";
    private static final String OPENING = "([{";
    private static final String CLOSING = ")]}";

    private final String source;
    private final String closer;
    private final IntUnaryOperator lines;
    private final Deque<Character> open = new ArrayDeque<>();
    private int position;

    /**
     * A lexer for one tag.
     *
     * @param position after the tag's opener
     * @param closer that ends the tag
     * @param lines gives the line of a position
     */
    TagLexer(String source, int position, String closer, IntUnaryOperator lines) {
        this.source = source;
        this.position = position;
        this.closer = closer;
        this.lines = lines;
    }

    /**
     * Adds the tokens.
     *
     * @return where the closer begins, or the sign in front of it; the length of the source if there is none
     */
    int run(List<Token> tokens) {
        position = PythonSpace.skip(source, position);
        while (position < source.length() && !atCloser()) {
            tokens.add(token(lines.applyAsInt(position)));
            position = PythonSpace.skip(source, position);
        }
        return position;
    }

    private boolean atCloser() {
        if (!open.isEmpty()) {
            return false;
        }
        char first = source.charAt(position);
        boolean signed = first == '-' || (first == '+' && closer.charAt(0) == '%');
        return source.startsWith(closer, position) || (signed && source.startsWith(closer, position + 1));
    }

    private Token token(int line) {
        int start = position;
        int first = source.codePointAt(position);
        if (first == '\'' || first == '"') {
            return string(line, (char) first);
        }
        if (first >= '0' && first <= '9') {
            return number(line);
        }
        if (first == '_' || Character.isUnicodeIdentifierStart(first)) {
            skipName();
            return new Token(TokenType.NAME, source.substring(start, position), line);
        }
        return operator(line);
    }

    private void skipName() {
        while (position < source.length()) {
            int next = source.codePointAt(position);
            if (next != '_' && (!Character.isUnicodeIdentifierPart(next) || Character.isIdentifierIgnorable(next))) {
                return;
            }
            position += Character.charCount(next);
        }
    }

    private Token string(int line, char quote) {
        int start = position + 1;
        int end = start;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new ChatTemplateException(line, "a string has no end; wanted is " + quote);
        }
        position = end + 1;
        return new Token(TokenType.STRING, StringEscapes.resolve(source.substring(start, end), line), line);
    }

    private Token number(int line) {
        int start = position;
        boolean afterPoint = source.charAt(position - 1) == '.';
        skipDigits();
        boolean real = false;
        if (!afterPoint && characterAt(position) == '.' && isDigit(characterAt(position + 1))) {
            real = true;
            position++;
            skipDigits();
        }
        if (!afterPoint && (characterAt(position) | ' ') == 'e') {
            int digits = position + 1 + (characterAt(position + 1) == '+' || characterAt(position + 1) == '-' ? 1 : 0);
            if (isDigit(characterAt(digits))) {
                real = true;
                position = digits;
                skipDigits();
            }
        }
        String text = source.substring(start, position).replace("_", "");
        return new Token(real ? TokenType.REAL : TokenType.INTEGER, text, line);
    }

    private void skipDigits() {
        while (isDigit(characterAt(position)) || (characterAt(position) == '_' && isDigit(characterAt(position + 1)))) {
            position++;
        }
    }

    private Token operator(int line) {
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, position)) {
                position += operator.length();
                return new Token(TokenType.OPERATOR, operator, line);
            }
        }
        char operator = source.charAt(position);
        if (OPERATORS.indexOf(operator) < 0) {
            String written = new String(Character.toChars(source.codePointAt(position)));
            throw new ChatTemplateException(line, "the character '" + written + "' has no meaning here");
        }
        balance(operator, line);
        position++;
        return new Token(TokenType.OPERATOR, String.valueOf(operator), line);
    }

    private void balance(char operator, int line) {
        int opening = OPENING.indexOf(operator);
        if (opening >= 0) {
            open.push(CLOSING.charAt(opening));
        } else if (CLOSING.indexOf(operator) >= 0) {
            Character wanted = open.poll();
            if (wanted == null || wanted != operator) {
                String problem = wanted == null ? "nothing is open" : "wanted is '" + wanted + "'";
                throw new ChatTemplateException(line, "there is a '" + operator + "', but " + problem);
            }
        }
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private char characterAt(int index) {
        return index < source.length() ? source.charAt(index) : '\0';
    }
}
