package io.tributary.models.architecture;

/**
 * An expert that computes every token, beside those that are chosen.
 *
 * @param network the expert
 * @param gated whether its output is multiplied by {@code sigmoid(g · x)} with a weight g [width], as in Qwen2-MoE;
 *     otherwise it is added as it is, as in DeepSeek
 */
public record SharedExpert(FeedForward network, boolean gated) {}
