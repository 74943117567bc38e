package io.tributary.models.contrastive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How well embeddings of two modalities fit, by their cosine (CLIP, Radford et al. 2021, section 2.3): labels of a picture
 * are texts, and so are pictures of a text candidates of a query. Embeddings are unit vectors of one length; sums are taken
 * in double precision in ascending order, so results depend on no other candidate, but for the probabilities.
 *
 * @param scale what cosines are multiplied by before the softmax, above 0; 100 in the released models
 */
public record ContrastiveScores(float scale) {
    /**
     * Checks the scale.
     *
     * @throws IllegalArgumentException when it is not a positive number
     */
    public ContrastiveScores {
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw new IllegalArgumentException("cosines multiplied by " + scale + "; a finite scale above 0 is needed");
        }
    }

    /**
     * With the scale of a checkpoint.
     *
     * @param logitScale the natural logarithm of the scale, as the parameter {@code logit_scale} holds it
     */
    public static ContrastiveScores ofLogarithm(float logitScale) {
        return new ContrastiveScores((float) Math.exp(logitScale));
    }

    /**
     * The cosine of each candidate with the query.
     *
     * @throws IllegalArgumentException when an embedding is not as long as the query
     */
    public float[] cosines(float[] query, List<float[]> candidates) {
        float[] cosines = new float[candidates.size()];
        for (int index = 0; index < cosines.length; index++) {
            cosines[index] = (float) product(query, candidates.get(index), index);
        }
        return cosines;
    }

    /** The scaled cosines, what CLIP calls logits. */
    public float[] logits(float[] query, List<float[]> candidates) {
        float[] logits = new float[candidates.size()];
        for (int index = 0; index < logits.length; index++) {
            logits[index] = (float) (scale * product(query, candidates.get(index), index));
        }
        return logits;
    }

    /**
     * How probable each candidate is if one of them is right: the softmax of the logits.
     *
     * @return [candidates], which add up to 1; nothing without candidates
     */
    public float[] probabilities(float[] query, List<float[]> candidates) {
        float[] logits = logits(query, candidates);
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] weights = new double[logits.length];
        double sum = 0;
        for (int index = 0; index < weights.length; index++) {
            weights[index] = Math.exp(logits[index] - largest);
            sum += weights[index];
        }
        float[] probabilities = new float[weights.length];
        for (int index = 0; index < weights.length; index++) {
            probabilities[index] = (float) (weights[index] / sum);
        }
        return probabilities;
    }

    /** The candidates from the best to the worst; of equal ones the first in the list comes first. */
    public List<RankedCandidate> rank(float[] query, List<float[]> candidates) {
        float[] cosines = cosines(query, candidates);
        List<RankedCandidate> ranked = new ArrayList<>();
        for (int index = 0; index < cosines.length; index++) {
            ranked.add(new RankedCandidate(index, cosines[index]));
        }
        ranked.sort(Comparator.comparingDouble(RankedCandidate::cosine).reversed());
        return ranked;
    }

    private static double product(float[] query, float[] candidate, int index) {
        if (candidate.length != query.length) {
            throw new IllegalArgumentException("candidate " + index + " has " + candidate.length
                    + " elements where the query has " + query.length + ": embeddings of one model are needed");
        }
        double product = 0;
        for (int element = 0; element < query.length; element++) {
            product += (double) query[element] * candidate[element];
        }
        return product;
    }
}
