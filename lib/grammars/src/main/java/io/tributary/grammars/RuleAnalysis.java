package io.tributary.grammars;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * What can be said about each position beforehand: whether its rule may end there at once, and how deep a stack it
 * needs.
 *
 * <p>Both are least fixed points, found by looking again at the positions that depend on what has changed.
 */
final class RuleAnalysis {
    /**
     * How deep calls and repetitions may nest in a text. A position that needs a deeper stack is never entered, so a
     * text that is on its way can always be ended.
     */
    static final int MAX_DEPTH = 512;

    /** The depth of what no text leads out of. */
    private static final int NEVER = MAX_DEPTH + 1;

    private final Rules rules;
    private final List<Position> positions;
    private final int[] starts;
    private final boolean[] nullable;
    private final int[] depth;

    private RuleAnalysis(Rules rules, List<Position> positions, int[] starts) {
        this.rules = rules;
        this.positions = positions;
        this.starts = starts;
        this.nullable = new boolean[positions.size()];
        this.depth = new int[positions.size()];
        Arrays.fill(depth, NEVER);
    }

    static RuleAnalysis of(Rules rules, List<Position> positions, int[] starts) {
        RuleAnalysis analysis = new RuleAnalysis(rules, positions, starts);
        int[][] dependents = analysis.dependents();
        analysis.settle(dependents, analysis::refreshNullable);
        analysis.settle(dependents, analysis::refreshDepth);
        return analysis;
    }

    /** Whether the end of the rule or of the repeated body can be reached from here without a byte. */
    boolean nullable(int position) {
        return nullable[position];
    }

    /** How many calls and repetitions must nest, above the stack of here, before the end is reached. */
    int depth(int position) {
        return depth[position];
    }

    RuleAnalysis checked(int root) {
        if (depth[starts[root]] == NEVER) {
            throw new InvalidGrammarException("no text at all matches " + rules.name(root)
                    + ": each way leads back to where it was or to an empty set of characters, or nests deeper than "
                    + MAX_DEPTH);
        }
        return this;
    }

    private interface Refresh {
        /** Looks at a position again; whether anything has changed. */
        boolean changes(int position);
    }

    private void settle(int[][] dependents, Refresh refresh) {
        ArrayDeque<Integer> waiting = new ArrayDeque<>();
        boolean[] queued = new boolean[positions.size()];
        for (int position = 0; position < positions.size(); position++) {
            waiting.add(position);
            queued[position] = true;
        }
        while (!waiting.isEmpty()) {
            int position = waiting.remove();
            queued[position] = false;
            if (refresh.changes(position)) {
                for (int dependent : dependents[position]) {
                    if (!queued[dependent]) {
                        queued[dependent] = true;
                        waiting.add(dependent);
                    }
                }
            }
        }
    }

    private boolean refreshNullable(int position) {
        boolean now =
                switch (positions.get(position)) {
                    case Position.End() -> true;
                    case Position.Bytes _ -> false;
                    case Position.Split(List<Integer> options) ->
                        options.stream().anyMatch(option -> nullable[option]);
                    case Position.Call(int rule, int next) -> nullable[starts[rule]] && nullable[next];
                    case Position.Repeat(int body, int min, int _, int next) ->
                        (min == 0 || nullable[body]) && nullable[next];
                };
        boolean changed = now != nullable[position];
        nullable[position] = now;
        return changed;
    }

    private boolean refreshDepth(int position) {
        int now =
                switch (positions.get(position)) {
                    case Position.End() -> 0;
                    case Position.Bytes(ByteSet set, int next) -> set.equals(ByteSet.NONE) ? NEVER : depth[next];
                    case Position.Split(List<Integer> options) ->
                        options.stream().mapToInt(option -> depth[option]).min().orElse(NEVER);
                    case Position.Call(int rule, int next) -> depthOfCall(starts[rule], next);
                    case Position.Repeat(int body, int min, int _, int next) ->
                        min == 0 || nullable[body] ? depth[next] : Math.max(deeper(body), depth[next]);
                };
        boolean changed = now != depth[position];
        depth[position] = now;
        return changed;
    }

    private int depthOfCall(int start, int next) {
        if (nullable[start]) {
            return depth[next];
        }
        return next == 0 ? depth[start] : Math.max(deeper(start), depth[next]);
    }

    private int deeper(int position) {
        return Math.min(depth[position] + 1, NEVER);
    }

    private int[][] dependents() {
        int[] counts = new int[positions.size()];
        positions.forEach(position -> count(dependencies(position), counts));
        int[][] dependents = new int[positions.size()][];
        Arrays.setAll(dependents, position -> new int[counts[position]]);
        for (int position = 0; position < positions.size(); position++) {
            for (int dependency : dependencies(positions.get(position))) {
                dependents[dependency][--counts[dependency]] = position;
            }
        }
        return dependents;
    }

    private static void count(List<Integer> dependencies, int[] counts) {
        for (int dependency : dependencies) {
            counts[dependency]++;
        }
    }

    private List<Integer> dependencies(Position position) {
        return switch (position) {
            case Position.End() -> List.of();
            case Position.Bytes(ByteSet _, int next) -> List.of(next);
            case Position.Split(List<Integer> options) -> options;
            case Position.Call(int rule, int next) -> List.of(starts[rule], next);
            case Position.Repeat(int body, int _, int _, int next) -> List.of(body, next);
        };
    }
}
