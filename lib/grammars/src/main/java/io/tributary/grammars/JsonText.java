package io.tributary.grammars;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.grammars.Expression.Choice;
import io.tributary.grammars.Expression.OneOf;
import io.tributary.grammars.Expression.Repeat;
import io.tributary.grammars.Expression.Sequence;
import io.tributary.grammars.Expression.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How JSON is written (RFC 8259).
 *
 * <p>A space may follow a comma and a colon; there is no other white space, so that no text can go on with white space
 * for ever.
 */
final class JsonText {
    static final Expression COMMA = withSpace(",");
    static final Expression COLON = withSpace(":");
    static final Expression QUOTE = Expression.text("\"");
    static final CharacterSet DIGITS = CharacterSet.range('0', '9');
    static final Expression DIGIT = new OneOf(DIGITS);

    /** A character of a string, in any way of writing it that is one character for every reader. */
    static final Expression CHARACTER = character();

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SHORT_ESCAPED = "\"\\\b\f\n\r\t";
    private static final String SHORT_ESCAPES = "\"\\bfnrt";

    /** How each of the characters that are not written as they are is written. */
    private static final SortedMap<Integer, Expression> ESCAPES = escapes();

    private static final CharacterSet PLAIN = plain();

    /** Any character: schemas ask for it so often that it is one object. */
    private static final Expression ALL = encodedEach(CharacterSet.ALL);

    private JsonText() {}

    /** A value in the shortest way. */
    static Expression literal(JsonNode value, String pointer) {
        try {
            String text = MAPPER.writeValueAsString(value);
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw SchemaNode.errorAt(
                        pointer, "half of a surrogate pair stands alone; a string must be valid Unicode");
            }
            return Expression.text(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JSON value cannot be written", impossible);
        }
    }

    /** A string whose value is one of the expression's texts. */
    static Expression string(Expression value) {
        return Expression.sequence(QUOTE, encoded(value), QUOTE);
    }

    /** The texts of an expression as they stand within quotes. */
    static Expression encoded(Expression value) {
        return switch (value) {
            case Text(String text) ->
                new Sequence(text.codePoints()
                        .mapToObj(c -> encoded(CharacterSet.range(c, c)))
                        .toList());
            case OneOf(CharacterSet characters) -> encoded(characters);
            case Sequence(List<Expression> parts) ->
                new Sequence(parts.stream().map(JsonText::encoded).toList());
            case Choice(List<Expression> options) ->
                new Choice(options.stream().map(JsonText::encoded).toList());
            case Repeat(Expression body, int min, int max) -> new Repeat(encoded(body), min, max);
            case Expression.Call call -> call;
        };
    }

    private static Expression encoded(CharacterSet characters) {
        return characters.equals(CharacterSet.ALL) ? ALL : encodedEach(characters);
    }

    private static Expression encodedEach(CharacterSet characters) {
        List<Expression> options = new ArrayList<>();
        CharacterSet plain = characters.intersection(PLAIN);
        if (!plain.isEmpty()) {
            options.add(new OneOf(plain));
        }
        ESCAPES.forEach((character, escape) -> {
            if (characters.contains(character)) {
                options.add(escape);
            }
        });
        return Expression.choice(options);
    }

    private static SortedMap<Integer, Expression> escapes() {
        SortedMap<Integer, Expression> escapes = new TreeMap<>();
        for (int control = 0; control < 0x20; control++) {
            escapes.put(control, Expression.text("\\u%04x".formatted(control)));
        }
        for (int i = 0; i < SHORT_ESCAPED.length(); i++) {
            escapes.put((int) SHORT_ESCAPED.charAt(i), Expression.text("\\" + SHORT_ESCAPES.charAt(i)));
        }
        return escapes;
    }

    private static CharacterSet plain() {
        return CharacterSet.ALL.minus(CharacterSet.range(0, 0x1f)).minus(CharacterSet.of("\"\\"));
    }

    /** Halves of surrogate pairs are never escaped: alone they are no character. */
    private static Expression character() {
        CharacterSet hexadecimal = DIGITS.plus(CharacterSet.range('a', 'f')).plus(CharacterSet.range('A', 'F'));
        Expression digit = new OneOf(hexadecimal);
        Expression firstTwo = Expression.choice(
                Expression.sequence(new OneOf(hexadecimal.minus(CharacterSet.of("dD"))), digit),
                Expression.sequence(new OneOf(CharacterSet.of("dD")), new OneOf(CharacterSet.range('0', '7'))));
        return Expression.choice(
                new OneOf(plain()),
                Expression.sequence(
                        Expression.text("\\"),
                        Expression.choice(
                                new OneOf(CharacterSet.of("\"\\/bfnrt")),
                                Expression.sequence(Expression.text("u"), firstTwo, digit, digit))));
    }

    private static Expression withSpace(String mark) {
        return Expression.sequence(Expression.text(mark), Expression.optional(Expression.text(" ")));
    }
}
