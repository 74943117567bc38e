package io.tributary.models.experts;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.Gating;

/**
 * Chooses experts by gate logits. Sums over experts are taken in ascending order of their indices, and of equal
 * candidates the one with the lower index is chosen, so that a token has the same experts and the same bits of weights
 * wherever it is computed. Not thread-safe.
 */
public sealed interface ExpertRouter permits SoftmaxRouter, SigmoidRouter, SwitchRouter, ExpertChoiceRouter {

    /**
     * Assigns rows of one sequence.
     *
     * @param logits finite [rows, experts]
     * @param first the first row of the sequence
     * @param end the row behind its last one; the whole sequence if {@link Gating#routesWholeSequences}
     * @param routing gets the assignments; not cleared before, not grouped after
     */
    void route(FloatMatrix logits, int first, int end, Routing routing);

    /**
     * The router of a gating.
     *
     * @param experts to choose from
     * @param correction what a corrected gating adds to scores [experts]; empty for others
     * @param maximalRows rows of a sequence that it will be given at most
     */
    static ExpertRouter of(Gating gating, int experts, float[] correction, int maximalRows) {
        return switch (gating) {
            case Gating.SoftmaxThenTopK softmax -> new SoftmaxRouter(experts, softmax.chosen(), softmax.renormalized());
            case Gating.TopKThenSoftmax softmax -> new SoftmaxRouter(experts, softmax.chosen(), true);
            case Gating.SigmoidTopK sigmoid -> new SigmoidRouter(sigmoid, experts, correction);
            case Gating.SwitchTopOne top -> new SwitchRouter(experts, top.capacity());
            case Gating.ExpertChoice choice -> new ExpertChoiceRouter(experts, choice.capacity(), maximalRows);
        };
    }
}
