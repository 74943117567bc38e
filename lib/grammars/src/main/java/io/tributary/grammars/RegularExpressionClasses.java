package io.tributary.grammars;

import java.util.ArrayList;
import java.util.List;

/** Sets of characters in regular expressions: escapes and what stands in brackets. */
final class RegularExpressionClasses {
    /** Any character that ends no line, neither for ECMA-262 nor for {@code java.util.regex}. */
    static final CharacterSet DOT = CharacterSet.of("\n\r\u0085\u2028\u2029").complement();

    private static final CharacterSet DIGIT = CharacterSet.range('0', '9');
    private static final CharacterSet WORD = DIGIT.plus(CharacterSet.range('A', 'Z'))
            .plus(CharacterSet.range('a', 'z'))
            .plus(CharacterSet.of("_"));
    private static final CharacterSet SPACE = CharacterSet.of(" \t\n\u000b\f\r");

    /** White space of ECMA-262, which {@code java.util.regex} takes for no space. */
    private static final CharacterSet WIDE_SPACE = SPACE.plus(
                    CharacterSet.of("\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"))
            .plus(CharacterSet.range(0x2000, 0x200a));

    private RegularExpressionClasses() {}

    /** The set of an escape, after its backslash: those that all notations agree about. */
    static CharacterSet escaped(Source source) {
        return escaped(source, false);
    }

    /** @param widest whether characters are in the set for which any notation has them, not all */
    private static CharacterSet escaped(Source source, boolean widest) {
        int from = source.offset() - 1;
        int character = source.take();
        return switch (character) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> widest ? WIDE_SPACE : SPACE;
            case 'S' -> (widest ? SPACE : WIDE_SPACE).complement();
            default -> {
                int one = escapedCharacter(source, from, character);
                yield CharacterSet.range(one, one);
            }
        };
    }

    private static int escapedCharacter(Source source, int from, int character) {
        return switch (character) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> 0x0b;
            case 'x' -> source.takeHexadecimal(2);
            case 'u' -> codePoint(source, from);
            case 'b', 'B' -> throw source.errorAt(from, "word boundaries are not taken");
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'k' ->
                throw source.errorAt(
                        from, "back-references and octal escapes are not taken; write \\x00 for a character");
            case 'p', 'P' ->
                throw source.errorAt(
                        from, "Unicode categories are not taken; write ranges such as [a-z\\u00e0-\\u00ff]");
            case Source.END -> throw source.errorAt(from, "a character must follow \\");
            default -> {
                if (character >= 128 || Character.isLetter(character)) {
                    throw source.errorAt(
                            from, "\\" + Character.toString(character) + " is no escape; leave the backslash out");
                }
                yield character;
            }
        };
    }

    private static int codePoint(Source source, int from) {
        int value;
        if (source.takeIf("{")) {
            int digits = 0;
            while (Character.digit(source.peek(digits), 16) >= 0 && digits < 7) {
                digits++;
            }
            value = digits == 0 || digits == 7 ? Integer.MAX_VALUE : source.takeHexadecimal(digits);
            if (value > CharacterSet.LAST || !source.takeIf("}")) {
                throw source.errorAt(from, "a code point is written \\u{0} to \\u{10ffff}");
            }
        } else {
            value = source.takeHexadecimal(4);
            if (Character.isHighSurrogate((char) value) && source.takeIf("\\u")) {
                int low = source.takeHexadecimal(4);
                value = Character.isLowSurrogate((char) low) ? Character.toCodePoint((char) value, (char) low) : value;
            }
        }
        if (Character.MIN_SURROGATE <= value && value <= Character.MAX_SURROGATE) {
            throw source.errorAt(from, "half of a surrogate pair stands alone; write the character or its code point");
        }
        return value;
    }

    /** The set in brackets, after the opening one. */
    static CharacterSet bracketed(Source source) {
        int from = source.offset() - 1;
        boolean negated = source.takeIf("^");
        if (source.peek() == ']') {
            throw source.errorAt(from, "a class of characters is empty; write \\] for the character");
        }
        List<CharacterSet> members = new ArrayList<>();
        while (!source.takeIf("]")) {
            members.add(member(source, from, negated));
        }
        CharacterSet set = CharacterSet.union(members);
        return negated ? set.complement() : set;
    }

    private static CharacterSet member(Source source, int from, boolean widest) {
        int at = source.offset();
        CharacterSet first = single(source, from, widest);
        if (source.peek() != '-' || source.peek(1) == ']') {
            return first;
        }
        source.take();
        CharacterSet last = single(source, from, widest);
        if (!isOne(first) || !isOne(last) || first.first(0) > last.first(0)) {
            throw source.errorAt(at, "a range is from one character to a later one; write \\- for the character");
        }
        return CharacterSet.range(first.first(0), last.first(0));
    }

    private static boolean isOne(CharacterSet set) {
        return set.ranges() == 1 && set.first(0) == set.last(0);
    }

    private static CharacterSet single(Source source, int from, boolean widest) {
        int character = source.take();
        if (character == Source.END) {
            throw source.errorAt(from, "a class of characters is not closed; add ]");
        }
        if (character != '\\') {
            return CharacterSet.range(character, character);
        }
        return source.takeIf("b") ? CharacterSet.range('\b', '\b') : escaped(source, widest);
    }
}
