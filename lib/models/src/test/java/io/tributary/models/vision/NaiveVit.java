package io.tributary.models.vision;

import io.tributary.checkpoints.StoredTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** A vision transformer with random weights, as its definition has it, in double precision. */
final class NaiveVit {
    static final int SIDE = 12;
    static final int PATCH = 4;
    static final int WIDTH = 24;
    static final int HIDDEN = 40;
    static final int LAYERS = 2;
    static final int HEADS = 3;
    static final int POSITIONS = 1 + SIDE / PATCH * (SIDE / PATCH);
    static final double EPSILON = 1e-12;

    private final Map<String, float[]> weights = new LinkedHashMap<>();
    private final List<StoredTensor> tensors = new ArrayList<>();
    private final SplittableRandom random;

    NaiveVit(long seed) {
        random = new SplittableRandom(seed);
        add("embeddings.cls_token", 1, 1, WIDTH);
        add("embeddings.position_embeddings", 1, POSITIONS, WIDTH);
        add("embeddings.patch_embeddings.projection.weight", WIDTH, 3, PATCH, PATCH);
        add("embeddings.patch_embeddings.projection.bias", WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String part :
                    List.of("attention.attention.query", "attention.attention.key", "attention.attention.value")) {
                module(prefix + part, WIDTH, WIDTH);
            }
            module(prefix + "attention.output.dense", WIDTH, WIDTH);
            module(prefix + "intermediate.dense", HIDDEN, WIDTH);
            module(prefix + "output.dense", WIDTH, HIDDEN);
            module(prefix + "layernorm_before", WIDTH);
            module(prefix + "layernorm_after", WIDTH);
        }
        module("layernorm", WIDTH);
    }

    /** The weights, to be written to a file. */
    List<StoredTensor> tensors() {
        return tensors;
    }

    /** What goes into the first layer and comes out of each, [positions][width], and behind the last norm at the end. */
    List<double[][]> states(float[] image) {
        List<double[][]> states = new ArrayList<>();
        double[][] x = embed(image);
        states.add(x);
        for (int layer = 0; layer < LAYERS; layer++) {
            x = layer(x, "encoder.layer." + layer + ".");
            states.add(x);
        }
        states.add(norm(x, "layernorm"));
        return states;
    }

    private void module(String name, int... shape) {
        add(name + ".weight", shape);
        add(name + ".bias", shape[0]);
    }

    private void add(String name, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextDouble(-0.6, 0.6);
        }
        weights.put(name, values);
        tensors.add(StoredTensor.ofFloats(
                name, Arrays.stream(shape).mapToObj(extent -> (long) extent).toList(), values));
    }

    private float[] weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private double[][] embed(float[] image) {
        double[][] x = new double[POSITIONS][WIDTH];
        float[] kernel = weight("embeddings.patch_embeddings.projection.weight");
        for (int position = 0; position < POSITIONS; position++) {
            for (int out = 0; out < WIDTH; out++) {
                double sum = position == 0
                        ? weight("embeddings.cls_token")[out]
                        : weight("embeddings.patch_embeddings.projection.bias")[out];
                for (int tap = 0; position > 0 && tap < 3 * PATCH * PATCH; tap++) {
                    int top = (position - 1) / (SIDE / PATCH) * PATCH + tap % (PATCH * PATCH) / PATCH;
                    int left = (position - 1) % (SIDE / PATCH) * PATCH + tap % PATCH;
                    int channel = tap / (PATCH * PATCH);
                    sum += (double) kernel[out * 3 * PATCH * PATCH + tap] * image[(channel * SIDE + top) * SIDE + left];
                }
                x[position][out] = sum + weight("embeddings.position_embeddings")[position * WIDTH + out];
            }
        }
        return x;
    }

    private double[][] layer(double[][] x, String prefix) {
        double[][] normalized = norm(x, prefix + "layernorm_before");
        double[][] attended = attend(
                linear(normalized, prefix + "attention.attention.query", WIDTH),
                linear(normalized, prefix + "attention.attention.key", WIDTH),
                linear(normalized, prefix + "attention.attention.value", WIDTH));
        double[][] middle = sum(x, linear(attended, prefix + "attention.output.dense", WIDTH));
        double[][] inner = linear(norm(middle, prefix + "layernorm_after"), prefix + "intermediate.dense", HIDDEN);
        for (double[] row : inner) {
            for (int index = 0; index < row.length; index++) {
                row[index] *= 0.5 * (1 + errorFunction(row[index] / Math.sqrt(2)));
            }
        }
        return sum(middle, linear(inner, prefix + "output.dense", WIDTH));
    }

    private static double[][] attend(double[][] queries, double[][] keys, double[][] values) {
        double[][] result = new double[queries.length][WIDTH];
        int size = WIDTH / HEADS;
        for (int query = 0; query < queries.length; query++) {
            for (int head = 0; head < HEADS; head++) {
                double[] scores = new double[keys.length];
                double total = 0;
                for (int key = 0; key < keys.length; key++) {
                    double score = 0;
                    for (int index = head * size; index < (head + 1) * size; index++) {
                        score += queries[query][index] * keys[key][index];
                    }
                    scores[key] = Math.exp(score / Math.sqrt(size));
                    total += scores[key];
                }
                for (int key = 0; key < keys.length; key++) {
                    for (int index = head * size; index < (head + 1) * size; index++) {
                        result[query][index] += scores[key] / total * values[key][index];
                    }
                }
            }
        }
        return result;
    }

    private double[][] linear(double[][] x, String module, int outputs) {
        float[] weight = weight(module + ".weight");
        float[] bias = weight(module + ".bias");
        double[][] y = new double[x.length][outputs];
        for (int row = 0; row < x.length; row++) {
            for (int out = 0; out < outputs; out++) {
                double sum = bias[out];
                for (int in = 0; in < x[row].length; in++) {
                    sum += weight[out * x[row].length + in] * x[row][in];
                }
                y[row][out] = sum;
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, String module) {
        double[][] y = new double[x.length][WIDTH];
        for (int row = 0; row < x.length; row++) {
            double mean = Arrays.stream(x[row]).average().orElseThrow();
            double variance = Arrays.stream(x[row])
                    .map(each -> (each - mean) * (each - mean))
                    .average()
                    .orElseThrow();
            for (int index = 0; index < WIDTH; index++) {
                double normalized = (x[row][index] - mean) / Math.sqrt(variance + EPSILON);
                y[row][index] = normalized * weight(module + ".weight")[index] + weight(module + ".bias")[index];
            }
        }
        return y;
    }

    private static double[][] sum(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][WIDTH];
        for (int row = 0; row < x.length; row++) {
            for (int index = 0; index < WIDTH; index++) {
                sum[row][index] = x[row][index] + y[row][index];
            }
        }
        return sum;
    }

    /** Its Taylor series, which converges for every argument and is exact enough for those that occur. */
    private static double errorFunction(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return Math.abs(x) > 4 ? Math.signum(x) : 2 / Math.sqrt(Math.PI) * sum;
    }
}
