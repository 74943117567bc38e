package io.tributary.grammars;

import io.tributary.grammars.Expression.OneOf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads grammars in GBNF, the notation of llama.cpp: a text is one of the rule {@code root}. */
final class GbnfReader {
    private static final int MAX_LENGTH = 200_000;
    private static final int MAX_NESTING = 100;

    private final Source source;
    private final Rules rules = new Rules();

    /** The number and the first mention of each rule, by name. */
    private final Map<String, Mention> mentions = new LinkedHashMap<>();

    private record Mention(int rule, int offset, boolean defined) {}

    private GbnfReader(String grammar) {
        source = new Source(grammar, "grammar", MAX_LENGTH, offset -> place(grammar, offset));
    }

    /** The automaton of a grammar. */
    static Automaton read(String grammar) {
        return new GbnfReader(grammar).grammar();
    }

    private static String place(String grammar, int offset) {
        String before = grammar.substring(0, grammar.offsetByCodePoints(0, offset));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return "GBNF line " + line + ", column " + (before.length() - before.lastIndexOf('\n'));
    }

    private Automaton grammar() {
        skipSpace(true);
        while (source.peek() != Source.END) {
            rule();
            skipSpace(true);
        }
        mentions.forEach((name, mention) -> {
            if (!mention.defined) {
                throw source.errorAt(
                        mention.offset, "rule " + name + " is not defined; add a line: " + name + " ::= ...");
            }
        });
        Mention root = mentions.get("root");
        if (root == null) {
            throw new InvalidGrammarException(
                    "GBNF: there is no rule root, which a text begins with; add a line: root ::= ...");
        }
        return AutomatonBuilder.build(rules, root.rule);
    }

    private void rule() {
        int from = source.offset();
        String name = name();
        skipSpace(false);
        if (!source.takeIf("::=")) {
            throw source.error("::= must follow the name of a rule");
        }
        skipSpace(true);
        Mention mention = mention(name, from);
        if (mention.defined) {
            throw source.errorAt(from, "rule " + name + " is defined twice; join the alternatives with |");
        }
        mentions.put(name, new Mention(mention.rule, mention.offset, true));
        rules.define(mention.rule, alternatives(0));
        if (source.peek() != Source.END && source.peek() != '\n' && source.peek() != '\r') {
            throw source.error("a literal, a class, a rule's name, a group or the end of the line is needed here");
        }
    }

    private Mention mention(String name, int offset) {
        return mentions.computeIfAbsent(
                name, unknown -> new Mention(rules.declare("\"" + unknown + "\""), offset, false));
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        while (isNameCharacter(source.peek())) {
            name.appendCodePoint(source.take());
        }
        if (name.isEmpty()) {
            throw source.error("the name of a rule is needed here: letters, digits and -");
        }
        return name.toString();
    }

    private static boolean isNameCharacter(int c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_');
    }

    private Expression alternatives(int nesting) {
        List<Expression> options = new ArrayList<>();
        options.add(sequence(nesting));
        while (source.takeIf("|")) {
            skipSpace(true);
            options.add(sequence(nesting));
        }
        return Expression.choice(options);
    }

    private Expression sequence(int nesting) {
        List<Expression> parts = new ArrayList<>();
        while (beginsItem(source.peek())) {
            Expression item = item(nesting);
            skipSpace(nesting > 0);
            parts.add(repeated(item, nesting));
        }
        return Expression.sequence(parts.toArray(Expression[]::new));
    }

    private static boolean beginsItem(int c) {
        return c == '"' || c == '[' || c == '(' || c == '.' || isNameCharacter(c);
    }

    private Expression item(int nesting) {
        int from = source.offset();
        if (isNameCharacter(source.peek())) {
            return new Expression.Call(mention(name(), from).rule);
        }
        return switch (source.take()) {
            case '"' -> literal(from);
            case '[' -> new OneOf(characterClass(from));
            case '.' -> new OneOf(CharacterSet.ALL);
            default -> group(from, nesting + 1);
        };
    }

    private Expression group(int from, int nesting) {
        if (nesting > MAX_NESTING) {
            throw source.errorAt(from, "groups nest deeper than " + MAX_NESTING);
        }
        skipSpace(true);
        Expression body = alternatives(nesting);
        if (!source.takeIf(")")) {
            throw source.errorAt(from, "this group is not closed; add )");
        }
        return body;
    }

    private Expression repeated(Expression item, int nesting) {
        Expression result = item;
        for (int count = 0; count <= MAX_NESTING; count++) {
            Repetition repetition;
            if (source.takeIf("*")) {
                repetition = new Repetition(0, Expression.UNBOUNDED);
            } else if (source.takeIf("+")) {
                repetition = new Repetition(1, Expression.UNBOUNDED);
            } else if (source.takeIf("?")) {
                repetition = new Repetition(0, 1);
            } else if (source.takeIf("{")) {
                repetition = Repetition.afterBrace(source);
            } else {
                return result;
            }
            result = repetition.of(result);
            skipSpace(nesting > 0);
        }
        throw source.error("one item is repeated more than " + MAX_NESTING + " times over");
    }

    private Expression literal(int from) {
        StringBuilder text = new StringBuilder();
        while (!source.takeIf("\"")) {
            text.appendCodePoint(character(from, "literal is not closed; add \""));
        }
        return Expression.text(text.toString());
    }

    private CharacterSet characterClass(int from) {
        String open = "class of characters is not closed; add ]";
        boolean negated = source.takeIf("^");
        List<CharacterSet> members = new ArrayList<>();
        while (!source.takeIf("]")) {
            int first = character(from, open);
            int last = first;
            if (source.peek() == '-' && source.peek(1) != ']') {
                source.take();
                last = character(from, open);
            }
            if (last < first) {
                throw source.error("a range is from a character to a later one");
            }
            members.add(CharacterSet.range(first, last));
        }
        CharacterSet set = CharacterSet.union(members);
        if (set.isEmpty()) {
            throw source.errorAt(from, "a class of characters is empty; write . for any character");
        }
        return negated ? set.complement() : set;
    }

    private int character(int from, String open) {
        int at = source.offset();
        int character = source.take();
        if (character == Source.END) {
            throw source.errorAt(from, "this " + open);
        }
        if (character != '\\') {
            return character;
        }
        int escaped =
                switch (source.take()) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'x' -> source.takeHexadecimal(2);
                    case 'u' -> source.takeHexadecimal(4);
                    case 'U' -> source.takeHexadecimal(8);
                    case '\\' -> '\\';
                    case '"' -> '"';
                    case '[' -> '[';
                    case ']' -> ']';
                    case '-' -> '-';
                    case '^' -> '^';
                    default ->
                        throw source.errorAt(
                                at,
                                "the escapes are \\n \\r \\t \\xHH \\uHHHH \\UHHHHHHHH \\\\ \\\" \\[ \\] \\- and \\^");
                };
        boolean surrogate = Character.MIN_SURROGATE <= escaped && escaped <= Character.MAX_SURROGATE;
        if (escaped < 0 || escaped > CharacterSet.LAST || surrogate) {
            throw source.errorAt(at, "this is no character: code points are 0 to 10ffff without surrogates");
        }
        return escaped;
    }

    /** Passes over blanks and comments, and over the ends of lines where they do not end a rule. */
    private void skipSpace(boolean lines) {
        while (true) {
            int c = source.peek();
            if (c == '#') {
                while (source.peek() != Source.END && source.peek() != '\n' && source.peek() != '\r') {
                    source.take();
                }
            } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
                source.take();
            } else {
                return;
            }
        }
    }
}
