package io.tributary.tokenizers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expression {
    /** The line that it is written on. */
    int line();

    /** A value that is written out. */
    record Literal(int line, Value value) implements Expression {}

    /** A variable. */
    record Name(int line, String name) implements Expression {}

    /** A list, or with {@code tuple} a tuple. */
    record Listing(int line, List<Expression> elements, boolean tuple) implements Expression {}

    /** A mapping. */
    record Mapping(int line, List<Entry> entries) implements Expression {}

    /** An entry of a mapping. */
    record Entry(Expression key, Expression value) {}

    /** {@code target.name}. */
    record Attribute(int line, Expression target, String name) implements Expression {}

    /** {@code target[key]}. */
    record Item(int line, Expression target, Expression key) implements Expression {}

    /** {@code target[start:stop:step]}. */
    record Slice(
            int line,
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step)
            implements Expression {}

    /** {@code callee(arguments)}. */
    record Call(int line, Expression callee, List<Argument> arguments) implements Expression {}

    /** {@code target|name(arguments)}. */
    record Filter(int line, Expression target, String name, List<Argument> arguments) implements Expression {}

    /** {@code target is name arguments}. */
    record Test(int line, Expression target, String name, List<Argument> arguments) implements Expression {}

    /** An argument: by position, by name, or a list or a mapping of several. */
    record Argument(Kind kind, @Nullable String name, Expression value) {
        enum Kind {
            POSITIONAL,
            NAMED,
            SPREAD_LIST,
            SPREAD_MAPPING
        }
    }

    /** {@code -operand} or {@code +operand}. */
    record Signed(int line, boolean negative, Expression operand) implements Expression {}

    /** {@code not operand}. */
    record Not(int line, Expression operand) implements Expression {}

    /** {@code left and right}, or with {@code or} instead. */
    record Logical(int line, boolean and, Expression left, Expression right) implements Expression {}

    /** An operation on two values. */
    record Binary(int line, String operator, Expression left, Expression right) implements Expression {}

    /** A chain of comparisons: {@code first op operand op operand}. */
    record Comparison(int line, Expression first, List<Operand> rest) implements Expression {}

    /** A link of a chain of comparisons. */
    record Operand(String operator, Expression expression) {}

    /** {@code value if condition else otherwise}. */
    record Conditional(
            int line,
            Expression condition,
            Expression value,
            @Nullable Expression otherwise) implements Expression {}
}
