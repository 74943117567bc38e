package io.tributary.tokenizers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
sealed interface Statement {
    /** The line that it begins on. */
    int line();

    /** Text outside tags. */
    record Data(int line, TextValue text) implements Statement {}

    /** <code>{{ expression }}</code>. */
    record Print(int line, Expression expression) implements Statement {}

    /** {@code if}, with every {@code elif} as a branch. */
    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /** A condition and what is done when it holds. */
    record Branch(Expression condition, List<Statement> body) {}

    /** {@code for target in iterable if condition}. */
    record For(
            int line,
            Target target,
            Expression iterable,
            @Nullable Expression condition,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /** {@code set target = value}. */
    record Assign(int line, Target target, Expression value) implements Statement {}

    /** {@code set} of what a body renders, or its output when there is no target. */
    record Capture(int line, @Nullable Target target, Expression filtered, List<Statement> body) implements Statement {
        /** The variable with what the body rendered; no template can write this name. */
        static final String CAPTURED = "(body)";
    }

    /** {@code macro}. */
    record MacroDefinition(int line, String name, List<Parameter> parameters, List<Statement> body)
            implements Statement {}

    /** A parameter of a macro. */
    record Parameter(String name, @Nullable Expression byDefault) {}

    /** {@code call}: the body is what {@code caller()} renders. */
    record CallBlock(int line, List<Parameter> parameters, Expression.Call call, List<Statement> body)
            implements Statement {}

    /** A body with variables of its own: {@code with}, and {@code generation}, which marks an answer. */
    record Scoped(int line, List<Assign> variables, List<Statement> body) implements Statement {}

    /** {@code break}, or {@code continue}. */
    record LoopControl(int line, boolean leaves) implements Statement {}

    /** What is assigned to. */
    sealed interface Target {
        /** A variable. */
        record Variable(String name) implements Target {}

        /** An attribute of a namespace. */
        record Member(String namespace, String attribute) implements Target {}

        /** The elements of a value, one after the other. */
        record Unpacked(List<Target> targets) implements Target {}
    }
}
