package io.tributary.models.architecture;

/** How many tokens of one sequence an expert takes. */
public sealed interface ExpertCapacity {

    /**
     * The number of tokens for a sequence.
     *
     * @param tokens of the sequence
     * @param experts of the layer
     */
    int of(int tokens, int experts);

    /** The same for every sequence, 0 or more. */
    record Fixed(int tokens) implements ExpertCapacity {
        public Fixed {
            if (tokens < 0) {
                throw new InvalidArchitectureException("the capacity of an expert", tokens + " tokens", "0 or more");
            }
        }

        @Override
        public int of(int sequenceTokens, int experts) {
            return tokens;
        }
    }

    /** {@code factor · tokens / experts}, rounded down; the factor is above 0. */
    record Share(double factor) implements ExpertCapacity {
        public Share {
            Bounds.above("the capacity factor of an expert", factor, 0, Bounds.FACTOR);
        }

        @Override
        public int of(int tokens, int experts) {
            return (int) Math.min(Integer.MAX_VALUE, Math.floor(factor * tokens / experts));
        }
    }
}
