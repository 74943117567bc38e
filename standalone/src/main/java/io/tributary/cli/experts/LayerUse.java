package io.tributary.cli.experts;

import io.tributary.models.experts.LayerLoad;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the experts of one layer did for the tokens of one sequence. */
final class LayerUse {
    private final LayerLoad load;
    private final float[] weights;

    /**
     * @param load counted over the same tokens
     * @param weights of the experts' outputs [tokens, experts]; 0 where an expert was not chosen
     */
    LayerUse(LayerLoad load, float[] weights) {
        this.load = load;
        this.weights = weights;
    }

    /** The counts. */
    LayerLoad load() {
        return load;
    }

    /** Number of experts. */
    int experts() {
        return load.experts();
    }

    /** The weight of an expert's output for a token; 0 if it was not chosen. */
    float weight(int token, int expert) {
        return weights[token * experts() + expert];
    }

    /** The experts of a token with a weight, ascending. */
    IntStream chosen(int token) {
        return IntStream.range(0, experts()).filter(expert -> weight(token, expert) != 0);
    }

    /** The part of all choices of the layer that fell on an expert, 0 to 1. */
    double share(int expert) {
        long all = load.choices();
        return all == 0 ? 0 : (double) load.chosen()[expert] / all;
    }

    /** The first of the experts that were chosen most often. */
    int busiest() {
        return IntStream.range(1, experts())
                .reduce(0, (best, expert) -> load.chosen()[expert] > load.chosen()[best] ? expert : best);
    }

    /** The first of the experts that were chosen least often. */
    int idlest() {
        return IntStream.range(1, experts())
                .reduce(0, (best, expert) -> load.chosen()[expert] < load.chosen()[best] ? expert : best);
    }

    /** The part of the tokens that had both experts, 0 to 1. */
    double togetherShare(int expert, int other) {
        return load.positions() == 0 ? 0 : (double) load.pair(expert, other) / load.positions();
    }

    /** The first of the pairs that were chosen together most often; empty if there was none. */
    Optional<ExpertPair> mostFrequentPair() {
        @Nullable ExpertPair most = null;
        for (int expert = 0; expert < experts(); expert++) {
            for (int other = expert + 1; other < experts(); other++) {
                long times = load.pair(expert, other);
                if (times > (most == null ? 0 : most.positions())) {
                    most = new ExpertPair(expert, other, times);
                }
            }
        }
        return Optional.ofNullable(most);
    }

    /**
     * Two experts of a token.
     *
     * @param first the one with the lower index
     * @param second the other one
     * @param positions tokens that had both
     */
    record ExpertPair(int first, int second, long positions) {}
}
