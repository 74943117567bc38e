package io.tributary.models.experts;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.ExpertCapacity;

/** Each expert takes the tokens of a sequence to which the gate gives it the largest probability. */
final class ExpertChoiceRouter implements ExpertRouter {
    private final int experts;
    private final ExpertCapacity capacity;
    private final GateSoftmax softmax;
    private final LargestValues largest;
    private final float[] probabilities;

    /** @param maximalRows of a sequence */
    ExpertChoiceRouter(int experts, ExpertCapacity capacity, int maximalRows) {
        this.experts = experts;
        this.capacity = capacity;
        softmax = new GateSoftmax(experts);
        largest = new LargestValues(maximalRows);
        probabilities = new float[maximalRows * experts];
    }

    @Override
    public void route(FloatMatrix logits, int first, int end, Routing routing) {
        int tokens = end - first;
        int wanted = Math.min(tokens, capacity.of(tokens, experts));
        for (int token = 0; token < tokens; token++) {
            softmax.take(logits, first + token);
            for (int expert = 0; expert < experts; expert++) {
                probabilities[token * experts + expert] = softmax.probability(expert);
            }
        }
        for (int expert = 0; expert < experts; expert++) {
            largest.begin();
            for (int token = 0; token < tokens; token++) {
                largest.offer(token, probabilities[token * experts + expert], wanted);
            }
            largest.sortByIndex();
            for (int rank = 0; rank < largest.count(); rank++) {
                int token = largest.index(rank);
                routing.add(first + token, expert, probabilities[token * experts + expert]);
            }
        }
    }
}
