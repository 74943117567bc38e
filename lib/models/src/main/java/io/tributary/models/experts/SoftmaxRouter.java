package io.tributary.models.experts;

import io.tributary.kernels.FloatMatrix;

/** Softmax over all experts, or over the chosen ones, of which each token gets those with the largest logits. */
final class SoftmaxRouter implements ExpertRouter {
    private final int experts;
    private final int chosen;
    private final boolean renormalized;
    private final GateSoftmax softmax;
    private final LargestValues largest;

    /** @param renormalized whether the weights of a token add up to 1 */
    SoftmaxRouter(int experts, int chosen, boolean renormalized) {
        this.experts = experts;
        this.chosen = chosen;
        this.renormalized = renormalized;
        softmax = new GateSoftmax(experts);
        largest = new LargestValues(chosen);
    }

    @Override
    public void route(FloatMatrix logits, int first, int end, Routing routing) {
        for (int row = first; row < end; row++) {
            softmax.take(logits, row);
            choose(logits, row);
            float sum = renormalized ? chosenSum() : softmax.sum();
            for (int rank = 0; rank < chosen; rank++) {
                int expert = largest.index(rank);
                routing.add(row, expert, softmax.exponential(expert) / sum);
            }
        }
    }

    /** By logits, which tell experts apart whose probabilities are too small to. */
    private void choose(FloatMatrix logits, int row) {
        largest.begin();
        for (int expert = 0; expert < experts; expert++) {
            largest.offer(expert, logits.get(row, expert), chosen);
        }
        largest.sortByIndex();
    }

    private float chosenSum() {
        float sum = 0;
        for (int rank = 0; rank < chosen; rank++) {
            sum += softmax.exponential(largest.index(rank));
        }
        return sum;
    }
}
