package io.tributary.models.architecture;

/**
 * How gate logits, one for each token and expert, become the choice of experts and the weights of their outputs. Of equal
 * candidates the one with the lower index is chosen.
 */
public sealed interface Gating {

    /** Experts that a token can get at most. */
    int mostPerToken(int experts);

    /**
     * Whether a token's result depends on the other tokens of its sequence. Then a sequence must be computed in one
     * chunk, and can't be continued.
     */
    default boolean routesWholeSequences() {
        return false;
    }

    /**
     * Checks that so many experts can be gated like this.
     *
     * @throws InvalidArchitectureException if not
     */
    default void check(int experts) {
        Bounds.integer("the number of chosen experts", mostPerToken(experts), 1, experts);
    }

    /**
     * A token gets the experts of the largest logits; weights are the softmax over all experts, or that divided by the
     * sum of the chosen ones.
     *
     * @param chosen experts per token
     * @param renormalized whether the weights of a token add up to 1
     */
    record SoftmaxThenTopK(int chosen, boolean renormalized) implements Gating {
        @Override
        public int mostPerToken(int experts) {
            return chosen;
        }
    }

    /**
     * A token gets the experts of the largest logits; weights are the softmax over the chosen ones (Jiang et al.:
     * "Mixtral of experts", 2024). The same function as the renormalised {@link SoftmaxThenTopK}.
     *
     * @param chosen experts per token
     */
    record TopKThenSoftmax(int chosen) implements Gating {
        @Override
        public int mostPerToken(int experts) {
            return chosen;
        }
    }

    /**
     * Scores are sigmoids of the logits; a correction that balances the load is added for the choice, not for the weight
     * (DeepSeek-AI: "DeepSeek-V3 technical report", 2024). With more than one group of consecutive experts, only the
     * groups with the largest sums of their two best corrected scores take part; an expert of another group is never
     * chosen.
     *
     * @param chosen experts per token
     * @param corrected whether there is a correction [experts]
     * @param groups groups of equal size; 1 for none
     * @param chosenGroups groups that take part
     * @param renormalized whether the weights of a token are divided by their sum
     * @param scale multiplies the weights
     */
    record SigmoidTopK(int chosen, boolean corrected, int groups, int chosenGroups, boolean renormalized, float scale)
            implements Gating {
        @Override
        public int mostPerToken(int experts) {
            return chosen;
        }

        @Override
        public void check(int experts) {
            Gating.super.check(experts);
            Bounds.integer("the number of groups of experts", groups, 1, experts);
            if (experts % groups != 0 || (groups > 1 && experts / groups < 2)) {
                throw new InvalidArchitectureException(
                        "the number of groups of experts",
                        Integer.toString(groups),
                        "1, or a divisor of the " + experts + " experts that leaves at least 2 in each");
            }
            Bounds.integer("the number of chosen groups", chosenGroups, 1, groups);
            Bounds.integer("the number of chosen experts", chosen, 1, experts / groups * chosenGroups);
            Bounds.above("the scale of expert weights", scale, 0, Bounds.FACTOR);
        }
    }

    /**
     * A token gets the expert of the largest logit, weighted by its softmax over all experts; an expert takes the first
     * tokens of a sequence up to its capacity, the others get none and pass through the residual (Fedus et al.: "Switch
     * transformers", 2021).
     */
    record SwitchTopOne(ExpertCapacity capacity) implements Gating {
        @Override
        public int mostPerToken(int experts) {
            return 1;
        }

        @Override
        public boolean routesWholeSequences() {
            return true;
        }
    }

    /**
     * Each expert takes the tokens of a sequence for which its softmax over all experts is largest, up to its capacity;
     * a token may get from none to all experts (Zhou et al.: "Mixture-of-experts with expert choice routing", 2022).
     */
    record ExpertChoice(ExpertCapacity capacity) implements Gating {
        @Override
        public int mostPerToken(int experts) {
            return experts;
        }

        @Override
        public boolean routesWholeSequences() {
            return true;
        }
    }
}
