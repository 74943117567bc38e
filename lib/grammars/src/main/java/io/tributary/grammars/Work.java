package io.tributary.grammars;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bounded work of one mask or one token, which an ambiguous grammar could make endless; and what it has found so
 * far.
 */
final class Work {
    private static final int LIMIT = 400_000;

    private final Map<Pair, StackSet> unions = new HashMap<>();
    private int left = LIMIT;

    private record Pair(StackSet a, StackSet b) {}

    /**
     * Counts steps, each of which takes less than a microsecond and some hundred bytes.
     *
     * @throws InvalidGrammarException if there have been too many
     */
    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            throw new InvalidGrammarException(
                    "the grammar is too ambiguous: the tokens that may come next could be read in so"
                            + " many ways that following them takes more than " + LIMIT
                            + " steps; make its alternatives begin differently and its nested repetitions fewer");
        }
    }

    /** The union of two sets if it was found before; sets share so much that many ways lead to one pair. */
    @Nullable
    StackSet union(StackSet a, StackSet b) {
        return unions.get(new Pair(a, b));
    }

    void union(StackSet a, StackSet b, StackSet union) {
        unions.put(new Pair(a, b), union);
    }
}
