package io.tributary.kernels;

/** The canonical order of the package, written as plain scalar loops; every kernel must give exactly these bits. */
final class CanonicalReference {
    private static final int LANES = 16;
    private static final int BLOCK_KEYS = 64;
    private static final int CHAIN_INPUTS = 128;

    private CanonicalReference() {}

    static float dot(float[] weights, float[] x) {
        float total = 0f;
        for (int first = 0; first < x.length; first += CHAIN_INPUTS) {
            float sum = 0f;
            for (int k = first; k < Math.min(first + CHAIN_INPUTS, x.length); k++) {
                sum = Math.fma(weights[k], x[k], sum);
            }
            total += sum;
        }
        return total;
    }

    static float[] rmsNorm(float[] x, float[] weight, float epsilon) {
        float[] lanes = new float[LANES];
        for (int i = 0; i < x.length; i++) {
            lanes[i % LANES] = Math.fma(x[i], x[i], lanes[i % LANES]);
        }
        float scale = 1f / (float) Math.sqrt(addLanes(lanes) / x.length + epsilon);
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * scale * weight[i];
        }
        return y;
    }

    static float[] layerNorm(float[] x, float[] weight, float[] bias, float epsilon) {
        float[] lanes = new float[LANES];
        for (int i = 0; i < x.length; i++) {
            lanes[i % LANES] += x[i];
        }
        float rounded = addLanes(lanes) / x.length;
        float[] deviations = new float[LANES];
        for (int i = 0; i < x.length; i++) {
            deviations[i % LANES] += x[i] - rounded;
        }
        float mean = rounded + addLanes(deviations) / x.length;
        float[] squares = new float[LANES];
        for (int i = 0; i < x.length; i++) {
            squares[i % LANES] = Math.fma(x[i] - mean, x[i] - mean, squares[i % LANES]);
        }
        float scale = 1f / (float) Math.sqrt(addLanes(squares) / x.length + epsilon);
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.fma((x[i] - mean) * scale, weight[i], bias[i]);
        }
        return y;
    }

    static float gelu(float x, Gelu form) {
        return switch (form) {
            case EXACT -> NormalDistribution.normalUnit(x, Exponential.exp(x * x * -0.5f));
            case TANH -> {
                double slope = -2 * Math.sqrt(2 / Math.PI);
                float argument = x * Math.fma(x * x, (float) (slope * 0.044715), (float) slope);
                yield x / (Exponential.exp(argument) + 1f);
            }
            case QUICK -> x / (Exponential.exp(-1.702f * x) + 1f);
        };
    }

    static float[] swiGlu(float[] gate, float[] up) {
        float[] y = new float[gate.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = gate[i] / (Exponential.exp(-gate[i]) + 1f) * up[i];
        }
        return y;
    }

    static float logSumExp(float[] logits) {
        float maximum = maximum(logits);
        float[] lanes = new float[LANES];
        for (int i = 0; i < logits.length; i++) {
            lanes[i % LANES] += Exponential.exp(logits[i] - maximum);
        }
        return maximum + (float) StrictMath.log(addLanes(lanes));
    }

    /** Rotates one head in place; cosine and sine have one value for each pair. */
    static void rotate(float[] head, float[] cosine, float[] sine, RopePairing pairing) {
        for (int i = 0; i < cosine.length; i++) {
            boolean halves = pairing == RopePairing.HALF_SPLIT;
            int first = halves ? i : 2 * i;
            int second = halves ? i + cosine.length : 2 * i + 1;
            float a = head[first];
            float b = head[second];
            head[first] = Math.fma(a, cosine[i], -(b * sine[i]));
            head[second] = Math.fma(b, cosine[i], a * sine[i]);
        }
    }

    /** The output of one query head that sees these keys. */
    static float[] attend(float[] query, float[][] keys, float[][] values, float scale) {
        float[] output = new float[query.length];
        float[] lanes = new float[LANES];
        float maximum = Float.NEGATIVE_INFINITY;
        for (int first = 0; first < keys.length; first += BLOCK_KEYS) {
            int end = Math.min(keys.length, first + BLOCK_KEYS);
            float[] weights = new float[end - first];
            for (int key = first; key < end; key++) {
                weights[key - first] = chain(query, keys[key]) * scale;
            }
            float larger = Math.max(maximum, maximum(weights));
            float factor = Exponential.exp(maximum - larger);
            multiply(lanes, factor);
            multiply(output, factor);
            for (int key = first; key < end; key++) {
                float weight = Exponential.exp(weights[key - first] - larger);
                lanes[key % LANES] += weight;
                for (int d = 0; d < output.length; d++) {
                    output[d] = Math.fma(values[key][d], weight, output[d]);
                }
            }
            maximum = larger;
        }
        multiply(output, 1f / addLanes(lanes));
        return output;
    }

    private static float chain(float[] x, float[] y) {
        float sum = 0f;
        for (int i = 0; i < x.length; i++) {
            sum = Math.fma(x[i], y[i], sum);
        }
        return sum;
    }

    private static void multiply(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    private static float maximum(float[] values) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            maximum = Math.max(maximum, value);
        }
        return maximum;
    }

    private static float addLanes(float[] lanes) {
        float sum = 0f;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }
}
