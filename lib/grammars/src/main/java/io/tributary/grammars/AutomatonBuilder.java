package io.tributary.grammars;

import io.tributary.grammars.Expression.Choice;
import io.tributary.grammars.Expression.OneOf;
import io.tributary.grammars.Expression.Repeat;
import io.tributary.grammars.Expression.Sequence;
import io.tributary.grammars.Expression.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays the expressions of rules out as positions.
 *
 * <p>An expression is laid out from its end to its start, with the position that follows it at hand; so a position has
 * a higher number than the next one, but for the way back of a loop.
 */
final class AutomatonBuilder {
    private static final int MAX_POSITIONS = 200_000;

    private final List<Position> positions = new ArrayList<>();
    private final Map<Position.Bytes, Integer> bytesOfRule = new HashMap<>();
    private final Set<ByteSet> sets = new LinkedHashSet<>();

    private AutomatonBuilder() {
        positions.add(new Position.End());
    }

    /**
     * The automaton of the rules.
     *
     * @throws InvalidGrammarException if it would be too large, is left-recursive or matches no text
     */
    static Automaton build(Rules rules, int root) {
        AutomatonBuilder builder = new AutomatonBuilder();
        int[] starts = new int[rules.count()];
        int[] firstPositions = new int[rules.count() + 1];
        for (int rule = 0; rule < rules.count(); rule++) {
            firstPositions[rule] = builder.positions.size();
            builder.bytesOfRule.clear();
            starts[rule] = builder.lay(rules.body(rule), 0);
        }
        firstPositions[rules.count()] = builder.positions.size();
        List<Position> positions = List.copyOf(builder.positions);
        RuleAnalysis analysis = RuleAnalysis.of(rules, positions, starts);
        return new Automaton(
                positions,
                starts,
                root,
                analysis.checked(root),
                ClosureOrder.of(rules, positions, starts, firstPositions, analysis),
                ByteClasses.of(builder.sets));
    }

    private int lay(Expression expression, int next) {
        return switch (expression) {
            case Text(String text) -> layText(text, next);
            case OneOf(CharacterSet characters) -> layCharacter(characters, next);
            case Sequence(List<Expression> parts) -> {
                int entry = next;
                for (Expression part : parts.reversed()) {
                    entry = lay(part, entry);
                }
                yield entry;
            }
            case Choice(List<Expression> options) -> layChoice(options, next);
            case Repeat repeat -> layRepeat(repeat, next);
            case Expression.Call(int rule) -> add(new Position.Call(rule, next));
        };
    }

    private int layText(String text, int next) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int entry = next;
        for (int i = bytes.length - 1; i >= 0; i--) {
            entry = layBytes(ByteSet.range(bytes[i] & 0xff, bytes[i] & 0xff), entry);
        }
        return entry;
    }

    private int layCharacter(CharacterSet characters, int next) {
        List<Integer> options = new ArrayList<>();
        Utf8Sequences.of(characters).forEach((rest, first) -> {
            int entry = next;
            for (ByteSet set : rest.reversed()) {
                entry = layBytes(set, entry);
            }
            options.add(layBytes(first, entry));
        });
        return split(options);
    }

    private int layChoice(List<Expression> options, int next) {
        return split(
                options.stream().map(option -> lay(option, next)).distinct().toList());
    }

    private int layRepeat(Repeat repeat, int next) {
        if (repeat.max() == 0) {
            return next;
        }
        if (repeat.max() == 1) {
            int body = lay(repeat.body(), next);
            return repeat.min() == 1 ? body : split(body == next ? List.of(next) : List.of(body, next));
        }
        if (repeat.max() == Expression.UNBOUNDED && repeat.min() <= 1) {
            return layLoop(repeat.body(), repeat.min(), next);
        }
        int body = lay(repeat.body(), 0);
        return add(new Position.Repeat(body, repeat.min(), repeat.max(), next));
    }

    private int layLoop(Expression repeated, int min, int next) {
        int loop = add(new Position.Split(List.of()));
        int body = lay(repeated, loop);
        positions.set(loop, new Position.Split(List.of(body, next)));
        return min == 0 ? loop : body;
    }

    private int layBytes(ByteSet set, int next) {
        sets.add(set);
        Position.Bytes position = new Position.Bytes(set, next);
        Integer known = bytesOfRule.get(position);
        if (known != null) {
            return known;
        }
        int added = add(position);
        bytesOfRule.put(position, added);
        return added;
    }

    /** A choice of positions; that of none is a position that nothing follows. */
    private int split(List<Integer> options) {
        return options.size() == 1 ? options.getFirst() : add(new Position.Split(List.copyOf(options)));
    }

    private int add(Position position) {
        if (positions.size() == MAX_POSITIONS) {
            throw new InvalidGrammarException("the grammar needs more than " + MAX_POSITIONS
                    + " positions in its automaton; make its lists of alternatives or its texts shorter");
        }
        positions.add(position);
        return positions.size() - 1;
    }
}
