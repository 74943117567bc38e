package io.tributary.grammars;

import java.util.List;

/** What a part of a text may be: the one form that all notations are read into. */
sealed interface Expression {
    /** No upper bound of a repetition. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** The empty text alone. */
    Expression EMPTY = new Text("");

    /** No text at all. */
    Expression NOTHING = new Choice(List.of());

    /** One character of a set. */
    record OneOf(CharacterSet characters) implements Expression {}

    /** Exactly this text. */
    record Text(String text) implements Expression {}

    record Sequence(List<Expression> parts) implements Expression {}

    record Choice(List<Expression> options) implements Expression {}

    /** From {@code min} to {@code max} times the body. */
    record Repeat(Expression body, int min, int max) implements Expression {}

    /** A text of the rule with this number in the {@link Rules}. */
    record Call(int rule) implements Expression {}

    static Expression text(String text) {
        return new Text(text);
    }

    static Expression sequence(Expression... parts) {
        return parts.length == 1 ? parts[0] : new Sequence(List.of(parts));
    }

    static Expression choice(List<Expression> options) {
        return options.size() == 1 ? options.getFirst() : new Choice(List.copyOf(options));
    }

    static Expression choice(Expression... options) {
        return choice(List.of(options));
    }

    static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }

    static Expression any(Expression body) {
        return new Repeat(body, 0, UNBOUNDED);
    }
}
