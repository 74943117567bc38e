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
    private float maximum;
    private float temperature;

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
        Truncation truncation = parameters.truncation();
        boolean topK = truncation.topK() > 0 && truncation.topK() < scores.length;
        if (topK) {
            keepBest(scores, truncation.topK());
        } else {
            keepAll(scores.length);
        }
        maximum = topK ? scores[kept[0]] : scores[argmax(scores)];
        temperature = parameters.temperature();
        weigh(scores);
        if (truncation.topP() < 1) {
            if (!topK) {
                keepWeights(negligible(truncation.topP()));
                rank(scores);
            }
            keepMass(truncation.topP());
        }
        if (truncation.minP() > 0) {
            keepWeights(truncation.minP());
        }
        total = sum();
        if (truncation.typicalP() < 1) {
            keepTypical(scores, truncation.typicalP());
            total = sum();
        }
        if (truncation.epsilonCutoff() > 0) {
            keepWeights(Math.min(truncation.epsilonCutoff() * total, heaviest()));
            total = sum();
        }
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

    private void weigh(float[] scores) {
        total = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            weights[id] = Exponential.exp(scaled(scores[id]));
            total += weights[id];
        }
    }

    /** Subtracts the maximum before dividing, so that no temperature can overflow: the likeliest token weighs 1. */
    private float scaled(float score) {
        return (score - maximum) / temperature;
    }

    /**
     * Weight below which no token belongs to the likeliest ones that together reach p, so that little is left to rank: a
     * kept token and all less likely ones together exceed 1 - p of the mass, so the kept token alone has at least that
     * share divided by their number. The margin outweighs the rounding of weights and sums.
     */
    private double negligible(float p) {
        return (1 - (double) p) * total / count * (1 - 1e-4);
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

    private void keepWeights(double least) {
        int survivors = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            kept[survivors] = id;
            survivors += weights[id] >= least ? 1 : 0;
        }
        count = survivors;
    }

    /**
     * Keeps the tokens whose information content is nearest to the entropy until their share of the total reaches p, and
     * those as near as the last one. With x = {@link #scaled} of a token's score, its information content is log(total) -
     * x and the entropy log(total) - mean(x), so that they differ by |x - mean(x)|: no logarithm is needed.
     */
    private void keepTypical(float[] scores, float typicalP) {
        double mean = meanScaled(scores);
        float farthest = typicalDistance(scores, mean, typicalP);
        int survivors = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            kept[survivors] = id;
            survivors += distance(scores[id], mean) <= farthest ? 1 : 0;
        }
        count = survivors;
    }

    /** Expected value of the scaled scores, at most 0. */
    private double meanScaled(float[] scores) {
        double sum = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            // Weight 0 can belong to a score of negative infinity, and their product is no number.
            if (weights[id] > 0) {
                sum += weights[id] * (double) scaled(scores[id]);
            }
        }
        return sum / total;
    }

    /** Distance of the last token that is needed to reach p, when the nearest ones are taken first. */
    private float typicalDistance(float[] scores, double mean, float typicalP) {
        // A token with x below 2 · mean is farther than all tokens with x above the mean, since x is at most 0: only
        // less likely ones are farther still, so that it can be negligible.
        double negligible = negligible(typicalP);
        int candidates = 0;
        for (int index = 0; index < count; index++) {
            int id = kept[index];
            if (weights[id] >= negligible || scaled(scores[id]) >= 2 * mean) {
                keys[candidates] = Ranking.key(-distance(scores[id], mean), id);
                candidates++;
            }
        }
        Arrays.sort(keys, 0, candidates);
        double enough = typicalP * total;
        double mass = weights[Ranking.id(keys[0])];
        int last = 0;
        while (mass < enough && last < candidates - 1) {
            last++;
            mass += weights[Ranking.id(keys[last])];
        }
        return distance(scores[Ranking.id(keys[last])], mean);
    }

    private float distance(float score, double mean) {
        return (float) Math.abs(scaled(score) - mean);
    }

    private float heaviest() {
        float heaviest = 0;
        for (int index = 0; index < count; index++) {
            heaviest = Math.max(heaviest, weights[kept[index]]);
        }
        return heaviest;
    }

    private double sum() {
        double sum = 0;
        for (int index = 0; index < count; index++) {
            sum += weights[kept[index]];
        }
        return sum;
    }
}
