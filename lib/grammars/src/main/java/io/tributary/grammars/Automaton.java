package io.tributary.grammars;

import java.util.List;

/** A pushdown automaton over bytes: numbered positions, of which number 0 is the end of a rule. Immutable. */
final class Automaton {
    private final List<Position> positions;
    private final int[] starts;
    private final int root;
    private final RuleAnalysis analysis;
    private final int[] order;
    private final ByteClasses classes;

    /**
     * An automaton of these parts.
     *
     * @param positions where a text may stand
     * @param starts the first position of each rule
     * @param root the rule that a whole text is of
     * @param analysis what is known about each position
     * @param order the place of each position in the order of {@link ClosureOrder}
     * @param classes the bytes that no position tells apart
     */
    Automaton(
            List<Position> positions, int[] starts, int root, RuleAnalysis analysis, int[] order, ByteClasses classes) {
        this.positions = positions;
        this.starts = starts;
        this.root = root;
        this.analysis = analysis;
        this.order = order;
        this.classes = classes;
    }

    Position position(int number) {
        return positions.get(number);
    }

    /** The first position of a rule. */
    int start(int rule) {
        return starts[rule];
    }

    /** The position that a text begins at. */
    int start() {
        return starts[root];
    }

    RuleAnalysis analysis() {
        return analysis;
    }

    /** The place of a position in the order in which closures are followed. */
    int place(int position) {
        return order[position];
    }

    ByteClasses classes() {
        return classes;
    }
}
