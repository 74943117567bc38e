package io.tributary.models.experts;

import io.tributary.kernels.Exponential;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.Gating;

/** Sigmoid scores, of which each token gets the largest after correction, possibly of the best groups of experts only. */
final class SigmoidRouter implements ExpertRouter {
    /** Keeps the quotient finite when all chosen scores are 0; the value of DeepSeek-V3's published code. */
    private static final float LEAST_SUM = 1e-20f;

    private final Gating.SigmoidTopK gating;
    private final float[] correction;
    private final float[] scores;
    private final float[] corrected;
    private final boolean[] closed;
    private final LargestValues largest;
    private final LargestValues bestGroups;
    private final LargestValues bestOfGroup = new LargestValues(2);

    SigmoidRouter(Gating.SigmoidTopK gating, int experts, float[] correction) {
        this.gating = gating;
        this.correction = gating.corrected() ? correction.clone() : new float[experts];
        scores = new float[experts];
        corrected = new float[experts];
        closed = new boolean[gating.groups()];
        largest = new LargestValues(gating.chosen());
        bestGroups = new LargestValues(gating.chosenGroups());
    }

    @Override
    public void route(FloatMatrix logits, int first, int end, Routing routing) {
        for (int row = first; row < end; row++) {
            score(logits, row);
            chooseGroups();
            chooseExperts();
            float factor = gating.renormalized() ? gating.scale() / (chosenSum() + LEAST_SUM) : gating.scale();
            for (int rank = 0; rank < largest.count(); rank++) {
                int expert = largest.index(rank);
                routing.add(row, expert, scores[expert] * factor);
            }
        }
    }

    private void score(FloatMatrix logits, int row) {
        for (int expert = 0; expert < scores.length; expert++) {
            scores[expert] = 1 / (1 + Exponential.exp(-logits.get(row, expert)));
            corrected[expert] = scores[expert] + correction[expert];
        }
    }

    private void chooseGroups() {
        if (closed.length == 1) {
            return;
        }
        int size = scores.length / closed.length;
        bestGroups.begin();
        for (int group = 0; group < closed.length; group++) {
            bestOfGroup.begin();
            for (int expert = group * size; expert < (group + 1) * size; expert++) {
                bestOfGroup.offer(expert, corrected[expert], 2);
            }
            bestGroups.offer(group, bestOfGroup.value(0) + bestOfGroup.value(1), gating.chosenGroups());
            closed[group] = true;
        }
        for (int rank = 0; rank < bestGroups.count(); rank++) {
            closed[bestGroups.index(rank)] = false;
        }
    }

    private void chooseExperts() {
        int size = scores.length / closed.length;
        largest.begin();
        for (int expert = 0; expert < scores.length; expert++) {
            if (!closed[expert / size]) {
                largest.offer(expert, corrected[expert], gating.chosen());
            }
        }
        largest.sortByIndex();
    }

    private float chosenSum() {
        float sum = 0;
        for (int rank = 0; rank < largest.count(); rank++) {
            sum += scores[largest.index(rank)];
        }
        return sum;
    }
}
