package io.tributary.models.speech;

import io.tributary.checkpoints.Checkpoint;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/** The forward pass of {@link SeededSpeechModel} in float64, after the definition; rows are [time][channels]. */
final class NaiveSpeech {
    private static final int[] STRIDES = {5, 2, 2, 2, 2, 2, 2};
    private static final double EPSILON = 1e-5;
    private static final int HEADS = 4;

    private final Checkpoint checkpoint;

    NaiveSpeech(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    double[][] hidden(float[] samples) {
        double[][] x = new double[samples.length][1];
        for (int i = 0; i < samples.length; i++) {
            x[i][0] = samples[i];
        }
        for (int layer = 0; layer < STRIDES.length; layer++) {
            String module = "wav2vec2.feature_extractor.conv_layers." + layer;
            double[] bias = weights(module + ".conv.bias");
            double[] kernel = weights(module + ".conv.weight");
            x = gelu(norm(module + ".layer_norm", convolve(x, kernel, bias, STRIDES[layer], 1, 0)));
        }
        x = linear("wav2vec2.feature_projection.projection", norm("wav2vec2.feature_projection.layer_norm", x));
        x = add(x, gelu(positions(x)));
        for (int layer = 0; layer < 2; layer++) {
            String module = "wav2vec2.encoder.layers." + layer;
            x = add(x, attend(module + ".attention.", norm(module + ".layer_norm", x)));
            double[][] up = linear(module + ".feed_forward.intermediate_dense", norm(module + ".final_layer_norm", x));
            x = add(x, linear(module + ".feed_forward.output_dense", gelu(up)));
        }
        return norm("wav2vec2.encoder.layer_norm", x);
    }

    private double[][] positions(double[][] x) {
        String module = "wav2vec2.encoder.pos_conv_embed.conv";
        double[] g = weights(module + ".parametrizations.weight.original0");
        double[] v = weights(module + ".parametrizations.weight.original1");
        double[] squares = new double[g.length];
        for (int i = 0; i < v.length; i++) {
            squares[i % g.length] += v[i] * v[i];
        }
        for (int i = 0; i < v.length; i++) {
            v[i] *= g[i % g.length] / Math.sqrt(squares[i % g.length]);
        }
        double[][] all = convolve(x, v, weights(module + ".bias"), 1, 4, g.length / 2);
        return IntStream.range(0, x.length).mapToObj(row -> all[row]).toArray(double[][]::new);
    }

    private static double[][] convolve(
            double[][] x, double[] weights, double[] bias, int stride, int groups, int padding) {
        int inputs = x[0].length / groups;
        int taps = weights.length / bias.length / inputs;
        double[][] y = new double[(x.length + 2 * padding - taps) / stride + 1][bias.length];
        for (int row = 0; row < y.length; row++) {
            for (int output = 0; output < bias.length; output++) {
                y[row][output] = bias[output];
                int first = output / (bias.length / groups) * inputs;
                for (int tap = 0; tap < taps; tap++) {
                    int time = row * stride + tap - padding;
                    for (int input = 0; input < inputs && time >= 0 && time < x.length; input++) {
                        y[row][output] += weights[(output * inputs + input) * taps + tap] * x[time][first + input];
                    }
                }
            }
        }
        return y;
    }

    private double[][] attend(String module, double[][] x) {
        double[][] query = linear(module + "q_proj", x);
        double[][] key = linear(module + "k_proj", x);
        double[][] value = linear(module + "v_proj", x);
        int size = x[0].length / HEADS;
        double[][] mixed = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int head = 0; head < HEADS; head++) {
                double[] weight = new double[x.length];
                double sum = 0;
                for (int other = 0; other < x.length; other++) {
                    double score = 0;
                    for (int i = head * size; i < (head + 1) * size; i++) {
                        score += query[row][i] * key[other][i];
                    }
                    weight[other] = Math.exp(score / Math.sqrt(size));
                    sum += weight[other];
                }
                for (int other = 0; other < x.length; other++) {
                    for (int i = head * size; i < (head + 1) * size; i++) {
                        mixed[row][i] += weight[other] / sum * value[other][i];
                    }
                }
            }
        }
        return linear(module + "out_proj", mixed);
    }

    private double[][] linear(String module, double[][] x) {
        return convolve(x, weights(module + ".weight"), weights(module + ".bias"), 1, 1, 0);
    }

    private double[][] norm(String module, double[][] x) {
        double[] weight = weights(module + ".weight");
        double[] bias = weights(module + ".bias");
        double[][] y = new double[x.length][weight.length];
        for (int row = 0; row < x.length; row++) {
            double mean = 0;
            for (double value : x[row]) {
                mean += value / weight.length;
            }
            double variance = 0;
            for (double value : x[row]) {
                variance += (value - mean) * (value - mean) / weight.length;
            }
            for (int i = 0; i < weight.length; i++) {
                y[row][i] = (x[row][i] - mean) / Math.sqrt(variance + EPSILON) * weight[i] + bias[i];
            }
        }
        return y;
    }

    /** By Simpson's rule over the density of the normal distribution. */
    private static double[][] gelu(double[][] x) {
        double[][] y = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < y[row].length; i++) {
                y[row][i] = x[row][i] * (0.5 + integral(x[row][i]));
            }
        }
        return y;
    }

    private static double integral(double end) {
        int steps = 200;
        double step = end / steps;
        double sum = 1 + Math.exp(-end * end / 2);
        for (int i = 1; i < steps; i++) {
            sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-i * step * i * step / 2);
        }
        return sum * step / 3 / Math.sqrt(2 * Math.PI);
    }

    private static double[][] add(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < sum[row].length; i++) {
                sum[row][i] = x[row][i] + y[row][i];
            }
        }
        return sum;
    }

    private double[] weights(String name) {
        float[] stored = checkpoint.require(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        double[] values = new double[stored.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored[i];
        }
        return values;
    }
}
