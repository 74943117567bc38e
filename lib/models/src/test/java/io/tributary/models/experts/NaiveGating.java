package io.tributary.models.experts;

import io.tributary.models.architecture.Gating;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Every gating written down once more in double, by sorting. What the tests measure the product against. */
public final class NaiveGating {
    private final Gating gating;
    private final double[] correction;

    /** @param correction of a corrected gating, one per expert */
    public NaiveGating(Gating gating, double... correction) {
        this.gating = gating;
        this.correction = correction.clone();
    }

    /** The weights [tokens][experts] of a whole sequence; NaN where an expert does not compute a token. */
    public double[][] weights(double[][] logits) {
        double[][] weights = new double[logits.length][logits[0].length];
        for (double[] row : weights) {
            Arrays.fill(row, Double.NaN);
        }
        switch (gating) {
            case Gating.SoftmaxThenTopK softmax -> each(logits, weights, softmax.chosen(), softmax.renormalized());
            case Gating.TopKThenSoftmax softmax -> each(logits, weights, softmax.chosen(), true);
            case Gating.SigmoidTopK sigmoid -> {
                for (int token = 0; token < logits.length; token++) {
                    sigmoid(sigmoid, logits[token], weights[token]);
                }
            }
            case Gating.SwitchTopOne top -> {
                int[] taken = new int[logits[0].length];
                for (int token = 0; token < logits.length; token++) {
                    int expert = best(logits[token]).getFirst();
                    if (taken[expert]++ < top.capacity().of(logits.length, taken.length)) {
                        weights[token][expert] = softmax(logits[token])[expert];
                    }
                }
            }
            case Gating.ExpertChoice choice -> expertChoice(choice, logits, weights);
        }
        return weights;
    }

    private static void each(double[][] logits, double[][] weights, int chosen, boolean renormalized) {
        for (int token = 0; token < logits.length; token++) {
            double[] probabilities = softmax(logits[token]);
            List<Integer> experts = best(logits[token]).subList(0, chosen);
            double sum = renormalized
                    ? experts.stream()
                            .mapToDouble(expert -> probabilities[expert])
                            .sum()
                    : 1;
            for (int expert : experts) {
                weights[token][expert] = probabilities[expert] / sum;
            }
        }
    }

    private void sigmoid(Gating.SigmoidTopK sigmoid, double[] logits, double[] weights) {
        int experts = logits.length;
        int size = experts / sigmoid.groups();
        double[] scores = Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray();
        double[] corrected = scores.clone();
        for (int expert = 0; expert < correction.length; expert++) {
            corrected[expert] += correction[expert];
        }
        double[] groupScores = IntStream.range(0, sigmoid.groups())
                .mapToDouble(group -> Arrays.stream(corrected, group * size, (group + 1) * size)
                        .boxed()
                        .sorted(Comparator.reverseOrder())
                        .limit(2)
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .toArray();
        List<Integer> open = best(groupScores).subList(0, sigmoid.chosenGroups());
        List<Integer> chosen = best(corrected).stream()
                .filter(expert -> open.contains(expert / size))
                .limit(sigmoid.chosen())
                .toList();
        double sum = chosen.stream().mapToDouble(expert -> scores[expert]).sum();
        for (int expert : chosen) {
            weights[expert] = scores[expert] / (sigmoid.renormalized() ? sum : 1) * sigmoid.scale();
        }
    }

    private static void expertChoice(Gating.ExpertChoice choice, double[][] logits, double[][] weights) {
        int experts = logits[0].length;
        int wanted = Math.min(logits.length, choice.capacity().of(logits.length, experts));
        double[][] probabilities =
                Arrays.stream(logits).map(NaiveGating::softmax).toArray(double[][]::new);
        for (int expert = 0; expert < experts; expert++) {
            int number = expert;
            double[] column =
                    Arrays.stream(probabilities).mapToDouble(row -> row[number]).toArray();
            for (int token : best(column).subList(0, wanted)) {
                weights[token][expert] = column[token];
            }
        }
    }

    /** Indices by falling value; of equal values the lower index first. */
    private static List<Integer> best(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -values[index])
                        .thenComparingInt(index -> index))
                .toList();
    }

    private static double[] softmax(double[] logits) {
        double maximum = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(z -> Math.exp(z - maximum)).sum();
        return Arrays.stream(logits).map(z -> Math.exp(z - maximum) / sum).toArray();
    }
}
