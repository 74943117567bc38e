package io.tributary.models.experts;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.ExpertCapacity;
import java.util.Arrays;

/** One expert per token, until it has taken as many tokens of a sequence as it can; later ones get none. */
final class SwitchRouter implements ExpertRouter {
    private final ExpertCapacity capacity;
    private final GateSoftmax softmax;
    private final int[] taken;

    SwitchRouter(int experts, ExpertCapacity capacity) {
        this.capacity = capacity;
        softmax = new GateSoftmax(experts);
        taken = new int[experts];
    }

    @Override
    public void route(FloatMatrix logits, int first, int end, Routing routing) {
        int most = capacity.of(end - first, taken.length);
        Arrays.fill(taken, 0);
        for (int row = first; row < end; row++) {
            int expert = largest(logits, row);
            if (taken[expert] < most) {
                softmax.take(logits, row);
                routing.add(row, expert, softmax.probability(expert));
                taken[expert]++;
            }
        }
    }

    private int largest(FloatMatrix logits, int row) {
        int best = 0;
        for (int expert = 1; expert < taken.length; expert++) {
            if (logits.get(row, expert) > logits.get(row, best)) {
                best = expert;
            }
        }
        return best;
    }
}
