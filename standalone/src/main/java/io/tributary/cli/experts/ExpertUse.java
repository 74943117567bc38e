package io.tributary.cli.experts;

import java.util.List;

/**
 * What the experts of a model did for the tokens of one sequence.
 *
 * @param model its name
 * @param tokens the prompt and what was generated
 * @param promptTokens how many of them are the prompt
 * @param layers those with experts, ascending
 */
record ExpertUse(String model, List<UsedToken> tokens, int promptTokens, List<LayerUse> layers) {
    ExpertUse {
        tokens = List.copyOf(tokens);
        layers = List.copyOf(layers);
    }

    /** Experts of the layer that has the most. */
    int experts() {
        return layers.stream().mapToInt(LayerUse::experts).max().orElse(0);
    }

    /** Whether some token had several experts. */
    boolean hasPairs() {
        return layers.stream().anyMatch(layer -> layer.mostFrequentPair().isPresent());
    }

    /** Whether some layer passed tokens on without an expert because those they chose were full. */
    boolean hasOverflow() {
        return layers.stream().anyMatch(layer -> layer.load().overflow() > 0);
    }
}
