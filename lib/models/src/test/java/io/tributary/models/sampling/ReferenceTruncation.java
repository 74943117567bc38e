package io.tributary.models.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Truncation by its definition: each step normalises probabilities, sorts all of them and says what stays. */
final class ReferenceTruncation {
    private final double[] scaled;
    private List<Integer> kept;

    private ReferenceTruncation(float[] logits, float temperature) {
        scaled = IntStream.range(0, logits.length)
                .mapToDouble(id -> (double) logits[id] / temperature)
                .toArray();
        kept = IntStream.range(0, logits.length).boxed().toList();
    }

    /** The ids of the tokens that stay, ascending. */
    static List<Integer> kept(float[] logits, float temperature, Truncation truncation) {
        ReferenceTruncation reference = new ReferenceTruncation(logits, temperature);
        if (truncation.topK() > 0) {
            List<Integer> falling = reference.sorted(id -> -reference.scaled[id]);
            reference.kept = falling.subList(0, Math.min(truncation.topK(), falling.size()));
        }
        if (truncation.topP() < 1) {
            reference.keepFront(reference.sorted(id -> -reference.scaled[id]), truncation.topP());
        }
        reference.keepLeast(truncation.minP() * reference.likeliest());
        if (truncation.typicalP() < 1) {
            reference.keepFront(reference.sorted(reference.distancesFromEntropy()), truncation.typicalP());
        }
        reference.keepLeast(Math.min(truncation.epsilonCutoff(), reference.likeliest()));
        return reference.kept.stream().sorted().toList();
    }

    private ToDoubleFunction<Integer> distancesFromEntropy() {
        double[] probabilities = probabilities();
        double entropy = 0;
        for (int id : kept) {
            entropy -= probabilities[id] > 0 ? probabilities[id] * Math.log(probabilities[id]) : 0;
        }
        double center = entropy;
        return id -> Math.abs(-Math.log(probabilities[id]) - center);
    }

    private void keepFront(List<Integer> order, double mass) {
        double[] probabilities = probabilities();
        double sum = 0;
        int count = 0;
        while (count < order.size() && sum < mass) {
            sum += probabilities[order.get(count)];
            count++;
        }
        kept = order.subList(0, count);
    }

    private void keepLeast(double least) {
        double[] probabilities = probabilities();
        kept = kept.stream().filter(id -> probabilities[id] >= least).toList();
    }

    private double likeliest() {
        double[] probabilities = probabilities();
        return kept.stream().mapToDouble(id -> probabilities[id]).max().orElseThrow();
    }

    private List<Integer> sorted(ToDoubleFunction<Integer> key) {
        List<Integer> order = new ArrayList<>(kept);
        order.sort(Comparator.comparingDouble(key).thenComparing(Comparator.naturalOrder()));
        return order;
    }

    private double[] probabilities() {
        double[] probabilities = new double[scaled.length];
        double maximum = kept.stream().mapToDouble(id -> scaled[id]).max().orElseThrow();
        double total =
                kept.stream().mapToDouble(id -> Math.exp(scaled[id] - maximum)).sum();
        kept.forEach(id -> probabilities[id] = Math.exp(scaled[id] - maximum) / total);
        return probabilities;
    }
}
