package io.tributary.grammars;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An order of positions in which a caller comes before what it calls and a position before the one after it, so that
 * all ways to a position are known when it is its turn.
 *
 * <p>There is no such order for left-recursive rules: they are refused.
 */
final class ClosureOrder {
    private final Rules rules;
    private final List<Position> positions;
    private final int[] starts;
    private final RuleAnalysis analysis;

    private ClosureOrder(Rules rules, List<Position> positions, int[] starts, RuleAnalysis analysis) {
        this.rules = rules;
        this.positions = positions;
        this.starts = starts;
        this.analysis = analysis;
    }

    /**
     * The place of each position in the order.
     *
     * @param firstPositions the first position of each rule, and the number of positions
     * @throws InvalidGrammarException if a rule is left-recursive
     */
    static int[] of(Rules rules, List<Position> positions, int[] starts, int[] firstPositions, RuleAnalysis analysis) {
        List<Integer> order = new ClosureOrder(rules, positions, starts, analysis).callersFirst();
        int[] places = new int[positions.size()];
        int place = 0;
        for (int rule : order) {
            for (int position = firstPositions[rule + 1] - 1; position >= firstPositions[rule]; position--) {
                places[position] = place++;
            }
        }
        places[0] = place;
        return places;
    }

    private List<Integer> callersFirst() {
        List<Set<Integer>> called = new ArrayList<>();
        int[] callers = new int[rules.count()];
        for (int rule = 0; rule < rules.count(); rule++) {
            Set<Integer> first = firstCalls(starts[rule]);
            called.add(first);
            first.forEach(callee -> callers[callee]++);
        }
        ArrayDeque<Integer> ready = new ArrayDeque<>();
        for (int rule = 0; rule < rules.count(); rule++) {
            if (callers[rule] == 0) {
                ready.add(rule);
            }
        }
        List<Integer> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            int rule = ready.remove();
            order.add(rule);
            for (int callee : called.get(rule)) {
                if (--callers[callee] == 0) {
                    ready.add(callee);
                }
            }
        }
        if (order.size() < rules.count()) {
            throw leftRecursion(called, callers);
        }
        return order;
    }

    /** The rules that may be called before a byte is read. */
    private Set<Integer> firstCalls(int start) {
        Set<Integer> calls = new HashSet<>();
        Set<Integer> seen = new HashSet<>(Set.of(start));
        ArrayDeque<Integer> waiting = new ArrayDeque<>(seen);
        while (!waiting.isEmpty()) {
            Position position = positions.get(waiting.remove());
            if (position instanceof Position.Call(int rule, int _)) {
                calls.add(rule);
            }
            for (int next : withoutByte(position)) {
                if (seen.add(next)) {
                    waiting.add(next);
                }
            }
        }
        return calls;
    }

    private List<Integer> withoutByte(Position position) {
        return switch (position) {
            case Position.End() -> List.of();
            case Position.Bytes _ -> List.of();
            case Position.Split(List<Integer> options) -> options;
            case Position.Call(int rule, int next) -> analysis.nullable(starts[rule]) ? List.of(next) : List.of();
            case Position.Repeat(int body, int min, int _, int next) ->
                min == 0 || analysis.nullable(body) ? List.of(body, next) : List.of(body);
        };
    }

    /** Follows calls of rules that could not be ordered until one comes twice. */
    private InvalidGrammarException leftRecursion(List<Set<Integer>> called, int[] callers) {
        List<Set<Integer>> callersOf = new ArrayList<>();
        for (int rule = 0; rule < called.size(); rule++) {
            callersOf.add(new HashSet<>());
        }
        for (int rule = 0; rule < called.size(); rule++) {
            if (callers[rule] > 0) {
                for (int callee : called.get(rule)) {
                    callersOf.get(callee).add(rule);
                }
            }
        }
        int rule = 0;
        while (callers[rule] == 0) {
            rule++;
        }
        Set<Integer> seen = new HashSet<>();
        while (seen.add(rule)) {
            rule = callersOf.get(rule).iterator().next();
        }
        return new InvalidGrammarException("rule " + rules.name(rule)
                + " is left-recursive: it leads back to itself before any character; write it as a repetition,"
                + " such as: sum ::= term (\"+\" term)*");
    }
}
