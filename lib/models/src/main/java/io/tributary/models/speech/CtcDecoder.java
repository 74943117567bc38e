package io.tributary.models.speech;

import io.tributary.kernels.FloatMatrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels from their scores in every frame (connectionist temporal classification: Graves et al., 2006): equal ones that follow
 * each other are one, blanks are none.
 */
public final class CtcDecoder {
    /** The widest beam. */
    public static final int MAXIMAL_BEAM = 1024;

    private final int blank;

    /** @param blank the label of no output */
    public CtcDecoder(int blank) {
        this.blank = blank;
    }

    /**
     * The best label of each frame, of equal ones the first.
     *
     * @param logits [frames, labels]
     */
    public int[] greedy(FloatMatrix logits) {
        int[] labels = new int[logits.rows()];
        int count = 0;
        int previous = blank;
        for (int frame = 0; frame < logits.rows(); frame++) {
            int best = 0;
            for (int label = 1; label < logits.columns(); label++) {
                if (logits.get(frame, label) > logits.get(frame, best)) {
                    best = label;
                }
            }
            if (best != blank && best != previous) {
                labels[count++] = best;
            }
            previous = best;
        }
        return Arrays.copyOf(labels, count);
    }

    /**
     * The most probable labels that a beam finds, over all the ways that frames can give them (prefix beam search: Hannun et
     * al., 2014), without a language model.
     *
     * @param logits [frames, labels]
     * @param width prefixes that are kept from frame to frame, 1 to {@link #MAXIMAL_BEAM}
     * @throws IllegalArgumentException when the width is out of range
     */
    public int[] beam(FloatMatrix logits, int width) {
        if (width < 1 || width > MAXIMAL_BEAM) {
            throw new IllegalArgumentException("a beam of " + width + "; 1 to " + MAXIMAL_BEAM + " are possible");
        }
        List<Prefix> kept = List.of(new Prefix(Labels.NONE));
        kept.getFirst().blankEnd = 0;
        double[] scores = new double[logits.columns()];
        for (int frame = 0; frame < logits.rows(); frame++) {
            logProbabilities(logits, frame, scores);
            kept = extend(kept, scores, width);
        }
        return kept.getFirst().labels.toArray();
    }

    private List<Prefix> extend(List<Prefix> kept, double[] scores, int width) {
        Map<Labels, Prefix> next = new HashMap<>();
        for (Prefix prefix : kept) {
            Prefix same = next.computeIfAbsent(prefix.labels, Prefix::new);
            same.blankEnd = addLogs(same.blankEnd, prefix.total() + scores[blank]);
            int last = prefix.labels.last;
            if (last >= 0) {
                same.labelEnd = addLogs(same.labelEnd, prefix.labelEnd + scores[last]);
            }
            for (int label = 0; label < scores.length; label++) {
                if (label != blank) {
                    double before = label == last ? prefix.blankEnd : prefix.total();
                    Prefix longer = next.computeIfAbsent(new Labels(prefix.labels, label), Prefix::new);
                    longer.labelEnd = addLogs(longer.labelEnd, before + scores[label]);
                }
            }
        }
        return next.values().stream()
                .sorted(Comparator.comparingDouble(Prefix::total).reversed().thenComparing(prefix -> prefix.labels))
                .limit(width)
                .toList();
    }

    private static void logProbabilities(FloatMatrix logits, int frame, double[] target) {
        double maximum = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < target.length; label++) {
            target[label] = logits.get(frame, label);
            maximum = Math.max(maximum, target[label]);
        }
        double sum = 0;
        for (double score : target) {
            sum += StrictMath.exp(score - maximum);
        }
        double logSum = maximum + StrictMath.log(sum);
        for (int label = 0; label < target.length; label++) {
            target[label] -= logSum;
        }
    }

    private static double addLogs(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY
                ? larger
                : larger + StrictMath.log1p(StrictMath.exp(-Math.abs(a - b)));
    }

    /** Labels so far, and the logs of the probability that they end with a blank and with the last of them. */
    private static final class Prefix {
        private final Labels labels;
        private double blankEnd = Double.NEGATIVE_INFINITY;
        private double labelEnd = Double.NEGATIVE_INFINITY;

        Prefix(Labels labels) {
            this.labels = labels;
        }

        double total() {
            return addLogs(blankEnd, labelEnd);
        }
    }
}
