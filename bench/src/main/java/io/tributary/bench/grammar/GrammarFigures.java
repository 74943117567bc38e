package io.tributary.bench.grammar;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the masks along one text cost, in microseconds.
 *
 * @param tokens the length of the text
 * @param masks how many different masks were found on the way
 * @param found a mask that is not cached, on average
 * @param slowest the slowest of those
 * @param cached a cached mask and a step by a token
 * @param amortized a mask and a step, on average over a first text
 */
record GrammarFigures(
        String name, int tokens, int masks, double found, double slowest, double cached, double amortized) {
    static final String HEADER = "%-28s %7s %7s %12s %12s %12s %12s"
            .formatted("grammar", "tokens", "masks", "new µs", "slowest µs", "cached µs", "first text µs");

    static GrammarFigures medians(List<GrammarFigures> rounds) {
        GrammarFigures any = rounds.getFirst();
        return new GrammarFigures(
                any.name,
                any.tokens,
                any.masks,
                median(rounds, GrammarFigures::found),
                median(rounds, GrammarFigures::slowest),
                median(rounds, GrammarFigures::cached),
                median(rounds, GrammarFigures::amortized));
    }

    String line() {
        return "%-28s %7d %7d %12.1f %12.1f %12.2f %12.1f"
                .formatted(name, tokens, masks, found, slowest, cached, amortized);
    }

    private static double median(List<GrammarFigures> rounds, ToDoubleFunction<GrammarFigures> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
    }
}
