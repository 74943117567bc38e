package io.tributary.models;

import io.tributary.models.architecture.Gating;
import io.tributary.models.experts.NaiveGating;
import java.util.Arrays;

/**
 * The forward pass written down once more in double, as plainly as possible: whole sequence at once, no cache, no
 * batches, half-split rotation. What the tests measure the product against.
 */
final class NaiveDecoder {
    private final TestWeights weights;
    private final TestShape shape;
    private final double epsilon;
    private final double[] frequencies;
    private final NaiveGating gating;

    /** @param frequencies angle per position of each pair of a head */
    NaiveDecoder(TestWeights weights, double epsilon, double[] frequencies) {
        this(weights, epsilon, frequencies, new NaiveGating(new Gating.SoftmaxThenTopK(1, false)));
    }

    /** @param gating how layers with experts choose them */
    NaiveDecoder(TestWeights weights, double epsilon, double[] frequencies, NaiveGating gating) {
        this.gating = gating;
        this.weights = weights;
        this.shape = weights.shape();
        this.epsilon = epsilon;
        this.frequencies = frequencies;
    }

    /** The logits [positions][vocabulary] of a sequence. */
    double[][] logits(int[] tokens) {
        return linear(normalized(tokens), shape.tied() ? "model.embed_tokens" : "lm_head", false);
    }

    /** The hidden states [positions][width] of a sequence behind the final norm. */
    double[][] normalized(int[] tokens) {
        double[][] x = new double[tokens.length][];
        float[] embedding = weights.floats("model.embed_tokens.weight");
        for (int position = 0; position < tokens.length; position++) {
            x[position] = new double[shape.width()];
            for (int k = 0; k < shape.width(); k++) {
                x[position][k] = embedding[tokens[position] * shape.width() + k];
            }
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            add(x, attention(prefix + "self_attn.", norm(x, prefix + "input_layernorm.weight")));
            double[][] y = norm(x, prefix + "post_attention_layernorm.weight");
            boolean experts =
                    shape.mixture().isPresent() && shape.mixture().get().has(layer);
            add(x, experts ? new NaiveMixture(weights, gating, prefix).apply(y) : feedForward(prefix + "mlp.", y));
        }
        return norm(x, "model.norm.weight");
    }

    private double[][] attention(String prefix, double[][] x) {
        double[][] queries = linear(x, prefix + "q_proj", shape.queryKeyValueBias());
        double[][] keys = linear(x, prefix + "k_proj", shape.queryKeyValueBias());
        double[][] values = linear(x, prefix + "v_proj", shape.queryKeyValueBias());
        normalize(queries, prefix + "q_norm.weight");
        normalize(keys, prefix + "k_norm.weight");
        rotate(queries, shape.heads());
        rotate(keys, shape.keyValueHeads());
        double[][] attended = new double[x.length][shape.heads() * shape.headSize()];
        for (int position = 0; position < x.length; position++) {
            for (int head = 0; head < shape.heads(); head++) {
                attend(queries[position], keys, values, position, head, attended[position]);
            }
        }
        return linear(attended, prefix + "o_proj", shape.outputBias());
    }

    private void attend(double[] query, double[][] keys, double[][] values, int position, int head, double[] output) {
        int size = shape.headSize();
        int keyValueHead = head / (shape.heads() / shape.keyValueHeads());
        double[] scores = new double[position + 1];
        double maximum = Double.NEGATIVE_INFINITY;
        for (int key = 0; key <= position; key++) {
            for (int d = 0; d < size; d++) {
                scores[key] += query[head * size + d] * keys[key][keyValueHead * size + d];
            }
            scores[key] /= Math.sqrt(size);
            maximum = Math.max(maximum, scores[key]);
        }
        double sum = 0;
        for (int key = 0; key <= position; key++) {
            scores[key] = Math.exp(scores[key] - maximum);
            sum += scores[key];
        }
        for (int key = 0; key <= position; key++) {
            for (int d = 0; d < size; d++) {
                output[head * size + d] += scores[key] / sum * values[key][keyValueHead * size + d];
            }
        }
    }

    /** Each head, or all at once, as long as the weight says; not without a weight. */
    private void normalize(double[][] x, String name) {
        if (!weights.has(name)) {
            return;
        }
        int length = weights.floats(name).length;
        for (double[] row : x) {
            for (int start = 0; start < row.length; start += length) {
                double[][] part = {Arrays.copyOfRange(row, start, start + length)};
                System.arraycopy(norm(part, name)[0], 0, row, start, length);
            }
        }
    }

    private void rotate(double[][] x, int heads) {
        int half = shape.headSize() / 2;
        for (int position = 0; position < x.length; position++) {
            for (int head = 0; head < heads; head++) {
                for (int pair = 0; pair < half; pair++) {
                    int first = head * shape.headSize() + pair;
                    double angle = position * frequencies[pair];
                    double a = x[position][first];
                    double b = x[position][first + half];
                    x[position][first] = a * Math.cos(angle) - b * Math.sin(angle);
                    x[position][first + half] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
    }

    private double[][] feedForward(String prefix, double[][] x) {
        double[][] gate = linear(x, prefix + "gate_proj", shape.feedForwardBias());
        double[][] up = linear(x, prefix + "up_proj", shape.feedForwardBias());
        return linear(swiGlu(gate, up), prefix + "down_proj", shape.feedForwardBias());
    }

    static double[][] swiGlu(double[][] gate, double[][] up) {
        double[][] product = new double[gate.length][];
        for (int position = 0; position < gate.length; position++) {
            product[position] = new double[gate[position].length];
            for (int k = 0; k < gate[position].length; k++) {
                double g = gate[position][k];
                product[position][k] = g / (1 + Math.exp(-g)) * up[position][k];
            }
        }
        return product;
    }

    private double[][] norm(double[][] x, String name) {
        float[] weight = weights.floats(name);
        double[][] y = new double[x.length][weight.length];
        for (int position = 0; position < x.length; position++) {
            double squares = 0;
            for (double value : x[position]) {
                squares += value * value;
            }
            double scale = 1 / Math.sqrt(squares / weight.length + epsilon);
            for (int k = 0; k < weight.length; k++) {
                y[position][k] = x[position][k] * scale * weight[k];
            }
        }
        return y;
    }

    private double[][] linear(double[][] x, String stem, boolean withBias) {
        float[] weight = weights.floats(stem + ".weight");
        return linear(x, weight, withBias ? weights.floats(stem + ".bias") : new float[weight.length / x[0].length]);
    }

    static double[][] linear(double[][] x, float[] weight, float[] bias) {
        int inputs = x[0].length;
        int outputs = weight.length / inputs;
        double[][] y = new double[x.length][outputs];
        for (int position = 0; position < x.length; position++) {
            for (int output = 0; output < outputs; output++) {
                double sum = bias[output];
                for (int k = 0; k < inputs; k++) {
                    sum += x[position][k] * weight[output * inputs + k];
                }
                y[position][output] = sum;
            }
        }
        return y;
    }

    private static void add(double[][] target, double[][] summand) {
        for (int position = 0; position < target.length; position++) {
            for (int k = 0; k < target[position].length; k++) {
                target[position][k] += summand[position][k];
            }
        }
    }
}
