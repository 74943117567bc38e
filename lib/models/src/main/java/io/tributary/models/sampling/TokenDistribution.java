package io.tributary.models.sampling;

import io.tributary.kernels.Exponential;
import java.util.Arrays;

/**
 * The tokens that survive truncation, with their unnormalised probabilities. Kept tokens stand in falling order of their
 * score if top-k or top-p is in effect (lower ids first on a tie), in order of their ids otherwise; sums run in that order
 * in double, so the same scores give the same draw on every machine. Reused from draw to draw.
 */
final class TokenDistribution {
    private final float[] weights;
    private final int[] kept;
    private final long[] keys;
    private int count;
    private double total;

    TokenDistribution(int vocabulary) {
        weights = new float[vocabulary];
        kept = new int[vocabulary];
        keys = new long[vocabulary];
    }

    /** Fills the distribution from penalised scores [vocabulary], none NaN and at least one finite. */
    void fill(float[] scores, SamplingParameters parameters) {
        if (parameters.isGreedy()) {
            keepOnly(argmax(scores));
            return;
        }
        boolean topK = parameters.topK() > 0 && parameters.topK() < scores.length;
        if (topK) {
            keepBest(scores, parameters.topK());
        } else {
            keepAll(scores.length);
        }
        weigh(scores, topK ? scores[kept[0]] : scores[argmax(scores)], parameters.temperature());
        if (parameters.topP() < 1) {
            if (!topK) {
                dropNegligible(parameters.topP());
                rank(scores);
            }
            keepMass(parameters.topP());
        }
        if (parameters.minP() > 0) {
            keepWeights(parameters.minP());
        }
        total = sum();
    }

    /** The token at which the running sum exceeds the fraction {@code uniform} (of [0, 1)) of the whole. */
    int draw(double uniform) {
        double target = uniform * total;
        double cumulative = 0;
        for (int index = 0; index < count - 1; index++) {
            cumulative += weights[kept[index]];
            if (cumulative > target) {
                return kept[index];
            }
        }
        return kept[count - 1];
    }

    /** Writes the probability of each token [vocabulary]; 0 for those that were dropped. */
    void writeProbabilities(float[] target) {
        Arrays.fill(target, 0);
        for (int index = 0; index < count; index++) {
            target[kept[index]] = (float) (weights[kept[index]] / total);
        }
    }

    /** The id of the highest score, the lowest one on a tie. */
    static int argmax(float[] scores) {
        int best = 0;
        for (int id = 1; id < scores.length; id++) {
            if (scores[id] > scores[best]) {
                best = id;
            }
        }
        return best;
    }

    private void keepOnly(int id) {
        kept[0] = id;
        weights[id] = 1;
        count = 1;
        total = 1;
    }

    private void keepAll(int vocabulary) {
        for (int id = 0; id < vocabulary; id++) {
            kept[id] = id;
        }
        count = vocabulary;
    }

    private void keepBest(float[] scores, int wanted) {
        Ranking.best(scores, scores.length, wanted, keys);
        for (int index = 0; index < wanted; index++) {
            kept[index] = Ranking.id(keys[index]);
        }
        count = wanted;
    }

    /** Subtracts the maximum before dividing, so that no temperature can overflow: the likeliest token weighs 1. */
    private void weigh(float[] scores, float maximum, float temperature) {
        total = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            weights[id] = Exponential.exp((scores[id] - maximum) / temperature);
            total += weights[id];
        }
    }

    /**
     * Drops what top-p cannot keep, so that little is left to rank: a kept token and all less likely ones together exceed
     * 1 - p of the mass, so the kept token alone has at least that share divided by their number. The margin outweighs
     * the rounding of the sums.
     */
    private void dropNegligible(float topP) {
        double least = (1 - (double) topP) * total / count * (1 - 1e-6);
        int survivors = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            kept[survivors] = id;
            survivors += weights[id] >= least ? 1 : 0;
        }
        count = survivors;
    }

    private void rank(float[] scores) {
        for (int index = 0; index < count; index++) {
            keys[index] = Ranking.key(scores[kept[index]], kept[index]);
        }
        Arrays.sort(keys, 0, count);
        for (int index = 0; index < count; index++) {
            kept[index] = Ranking.id(keys[index]);
        }
    }

    /** Keeps the smallest front whose share of the total reaches p: the token that crosses the border stays. */
    private void keepMass(float topP) {
        double enough = topP * total;
        double mass = 0;
        int survivors = 0;
        while (survivors < count && mass < enough) {
            mass += weights[kept[survivors]];
            survivors++;
        }
        count = survivors;
    }

    private void keepWeights(float least) {
        int survivors = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            kept[survivors] = id;
            survivors += weights[id] >= least ? 1 : 0;
        }
        count = survivors;
    }

    private double sum() {
        double sum = 0;
        for (int index = 0; index < count; index++) {
            sum += weights[kept[index]];
        }
        return sum;
    }
}
