package io.tributary.models;

import io.tributary.models.experts.NaiveGating;

/** A layer's experts in double: every expert computes every token, and those not chosen are left out of the sum. */
final class NaiveMixture {
    private final TestWeights weights;
    private final TestMixture mixture;
    private final NaiveGating gating;
    private final String prefix;

    /** @param prefix of the names of the layer's tensors */
    NaiveMixture(TestWeights weights, NaiveGating gating, String prefix) {
        this.weights = weights;
        this.mixture = weights.shape().mixture().orElseThrow();
        this.gating = gating;
        this.prefix = prefix;
    }

    double[][] apply(double[][] x) {
        double[][] chosen = gating.weights(linear(x, mixture.gate()));
        double[][] sum = new double[x.length][x[0].length];
        for (int expert = 0; expert < mixture.experts(); expert++) {
            double[][] output = network(
                    x,
                    mixture.expert(expert, "gate_proj"),
                    mixture.expert(expert, "up_proj"),
                    mixture.expert(expert, "down_proj"));
            for (int token = 0; token < x.length; token++) {
                if (!Double.isNaN(chosen[token][expert])) {
                    add(sum[token], output[token], chosen[token][expert]);
                }
            }
        }
        if (mixture.sharedHidden() > 0) {
            String shared = "mlp.shared_expert.";
            double[][] output = network(x, shared + "gate_proj", shared + "up_proj", shared + "down_proj");
            double[][] logits = linear(x, "mlp.shared_expert_gate");
            for (int token = 0; token < x.length; token++) {
                add(sum[token], output[token], 1 / (1 + Math.exp(-logits[token][0])));
            }
        }
        return sum;
    }

    private double[][] network(double[][] x, String gate, String up, String down) {
        return linear(NaiveDecoder.swiGlu(linear(x, gate), linear(x, up)), down);
    }

    private double[][] linear(double[][] x, String stem) {
        float[] weight = weights.floats(prefix + stem + ".weight");
        return NaiveDecoder.linear(x, weight, new float[weight.length / x[0].length]);
    }

    private static void add(double[] sum, double[] output, double weight) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += weight * output[k];
        }
    }
}
