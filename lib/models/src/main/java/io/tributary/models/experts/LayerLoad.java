package io.tributary.models.experts;

/**
 * How the gate of a layer has chosen so far.
 *
 * @param layer the layer in the model
 * @param positions that were gated
 * @param overflow positions that got no expert, since those that they wanted were at capacity
 * @param chosen positions that each expert was chosen for [experts]
 * @param pairs positions that two experts were chosen for together: the upper triangle of [experts, experts] without its
 *     diagonal, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // A snapshot that nobody compares.
public record LayerLoad(int layer, long positions, long overflow, long[] chosen, long[] pairs) {

    /** Number of pairs of experts. */
    public static int pairCount(int experts) {
        return experts * (experts - 1) / 2;
    }

    /** Where a pair of experts is found. */
    static int pairIndex(int lower, int higher, int experts) {
        return lower * (2 * experts - lower - 1) / 2 + higher - lower - 1;
    }

    /** Experts to choose from. */
    public int experts() {
        return chosen.length;
    }

    /** Positions that two different experts were chosen for together. */
    public long pair(int one, int other) {
        return pairs[pairIndex(Math.min(one, other), Math.max(one, other), chosen.length)];
    }

    /** Positions of the pair that was chosen together most often. */
    public long mostTogether() {
        long most = 0;
        for (long count : pairs) {
            most = Math.max(most, count);
        }
        return most;
    }

    /** All choices: positions times experts that they got. */
    public long choices() {
        long sum = 0;
        for (long count : chosen) {
            sum += count;
        }
        return sum;
    }

    /**
     * The entropy of the experts' shares in bits: log2(experts) if all were chosen alike, 0 if one alone was, or nothing has
     * been chosen.
     */
    public double entropyBits() {
        double all = choices();
        double entropy = 0;
        for (long count : chosen) {
            if (count > 0) {
                entropy -= count / all * Math.log(count / all);
            }
        }
        return entropy / Math.log(2);
    }

    /** The largest load over the mean one: 1 if all were chosen alike, or nothing has been chosen. */
    public double imbalance() {
        long most = 0;
        for (long count : chosen) {
            most = Math.max(most, count);
        }
        return most == 0 ? 1 : (double) most * chosen.length / choices();
    }
}
