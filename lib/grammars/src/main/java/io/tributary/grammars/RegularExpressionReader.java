package io.tributary.grammars;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions in the notation that ECMA-262 and {@code java.util.regex} have in common.
 *
 * <p>Taken are characters and their escapes, classes, groups, alternatives, repetitions (lazy ones too: they match the
 * same texts) and anchors at the ends of an alternative. What is not regular is refused: back-references, look-around,
 * word boundaries.
 */
final class RegularExpressionReader {
    private static final int MAX_LENGTH = 20_000;
    private static final int MAX_NESTING = 100;

    private final Source source;
    private int nesting;

    private RegularExpressionReader(String pattern) {
        source = new Source(
                pattern, "regular expression", MAX_LENGTH, offset -> "regular expression, character " + offset);
    }

    /** The automaton of the texts that match as a whole. */
    static Automaton read(String pattern) {
        Rules rules = new Rules();
        int root = rules.declare("the regular expression");
        List<Expression> options = new ArrayList<>();
        for (Branch branch : new RegularExpressionReader(pattern).branches()) {
            options.add(branch.body);
        }
        rules.define(root, Expression.choice(options));
        return AutomatonBuilder.build(rules, root);
    }

    /** The texts in which a match can be found, which is what a JSON schema means by a pattern. */
    static Expression search(String pattern) {
        Expression anything = Expression.any(new Expression.OneOf(CharacterSet.ALL));
        List<Expression> options = new ArrayList<>();
        for (Branch branch : new RegularExpressionReader(pattern).branches()) {
            List<Expression> parts = new ArrayList<>();
            if (!branch.fromStart) {
                parts.add(anything);
            }
            parts.add(branch.body);
            if (!branch.toEnd) {
                parts.add(anything);
            }
            options.add(new Expression.Sequence(parts));
        }
        return Expression.choice(options);
    }

    /** One of the outermost alternatives, with the anchors at its ends. */
    private record Branch(boolean fromStart, Expression body, boolean toEnd) {}

    private List<Branch> branches() {
        List<Branch> branches = new ArrayList<>();
        do {
            boolean fromStart = source.takeIf("^");
            Expression body = sequence();
            branches.add(new Branch(fromStart, body, source.takeIf("$")));
        } while (source.takeIf("|"));
        if (source.peek() != Source.END) {
            throw source.error(
                    source.peek() == ')'
                            ? "no group is open here; write \\) for the character"
                            : "$ must end the pattern");
        }
        return branches;
    }

    private Expression alternatives() {
        List<Expression> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (source.takeIf("|"));
        return Expression.choice(options);
    }

    private Expression sequence() {
        List<Expression> parts = new ArrayList<>();
        while (!endsSequence(source.peek())) {
            parts.add(repeated(atom()));
        }
        return Expression.sequence(parts.toArray(Expression[]::new));
    }

    private static boolean endsSequence(int character) {
        return character == Source.END || character == '|' || character == ')' || character == '$';
    }

    private Expression repeated(Expression body) {
        Repetition repetition =
                switch (source.peek()) {
                    case '*' -> new Repetition(0, Expression.UNBOUNDED);
                    case '+' -> new Repetition(1, Expression.UNBOUNDED);
                    case '?' -> new Repetition(0, 1);
                    case '{' -> null;
                    default -> new Repetition(1, 1);
                };
        if (repetition == null) {
            source.take();
            repetition = Repetition.afterBrace(source);
        } else if (repetition.max() == 1 && repetition.min() == 1) {
            return body;
        } else {
            source.take();
        }
        source.takeIf("?");
        if (source.peek() == '+') {
            throw source.error("a possessive repetition is not regular; leave the + out");
        }
        if (source.peek() == '*' || source.peek() == '?' || source.peek() == '{') {
            throw source.error("a repetition repeats a repetition; put the inner one into a group");
        }
        return repetition.of(body);
    }

    private Expression atom() {
        int from = source.offset();
        int character = source.take();
        return switch (character) {
            case '(' -> group(from);
            case '[' -> new Expression.OneOf(RegularExpressionClasses.bracketed(source));
            case '.' -> new Expression.OneOf(RegularExpressionClasses.DOT);
            case '\\' -> new Expression.OneOf(RegularExpressionClasses.escaped(source));
            case '^' ->
                throw source.errorAt(
                        from, "^ is taken at the start of the pattern or of an outermost alternative only");
            case '*', '+', '?', '{' ->
                throw source.errorAt(
                        from,
                        "there is nothing to repeat; write \\" + Character.toString(character) + " for the character");
            default -> Expression.text(Character.toString(character));
        };
    }

    private Expression group(int from) {
        if (++nesting > MAX_NESTING) {
            throw source.errorAt(from, "groups nest deeper than " + MAX_NESTING);
        }
        if (source.takeIf("?") && !source.takeIf(":")) {
            groupName(from);
        }
        Expression body = alternatives();
        if (source.peek() == '$') {
            throw source.error("$ is taken at the end of the pattern or of an outermost alternative only");
        }
        if (!source.takeIf(")")) {
            throw source.errorAt(from, "this group is not closed; add ) or write \\( for the character");
        }
        nesting--;
        return body;
    }

    private void groupName(int from) {
        if (!source.takeIf("<") || source.peek() == '=' || source.peek() == '!') {
            throw source.errorAt(
                    from,
                    "look-around and flags are not regular; only groups (...), (?:...) and (?<name>...) are taken");
        }
        while (Character.isLetterOrDigit(source.peek()) || source.peek() == '_') {
            source.take();
        }
        if (!source.takeIf(">")) {
            throw source.error("a group's name is letters and digits, ended by >");
        }
    }
}
