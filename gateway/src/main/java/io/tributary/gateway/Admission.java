package io.tributary.gateway;

import java.util.List;

/**
 * A request that may start.
 *
 * @param request the checked request
 * @param promptIds the prompt's token ids, at least one
 * @param maximalTokens tokens to generate at most; with the prompt they fit into the context
 */
record Admission(GenerationRequest request, List<Integer> promptIds, int maximalTokens) {
    /** Positions of the prompt and all tokens. */
    int positions() {
        return promptIds.size() + maximalTokens;
    }
}
