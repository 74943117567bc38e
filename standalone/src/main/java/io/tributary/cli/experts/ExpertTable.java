package io.tributary.cli.experts;

import java.io.PrintStream;
import java.util.Locale;

/** What experts did in a line for each layer. */
final class ExpertTable {
    private ExpertTable() {}

    static void print(ExpertUse use, PrintStream out) {
        out.println(row("layer", "busiest", "idlest", "entropy, bits", "imbalance", "overflow", "most often together"));
        for (LayerUse layer : use.layers()) {
            out.println(row(
                    layer.load().layer(),
                    expert(layer, layer.busiest()),
                    expert(layer, layer.idlest()),
                    String.format(Locale.ROOT, "%.2f of %.2f", layer.load().entropyBits(), log2(layer.experts())),
                    String.format(Locale.ROOT, "%.2f", layer.load().imbalance()),
                    layer.load().overflow(),
                    pair(layer)));
        }
    }

    private static String expert(LayerUse layer, int expert) {
        return String.format(Locale.ROOT, "%d (%.1f %%)", expert, 100 * layer.share(expert));
    }

    private static String pair(LayerUse layer) {
        return layer.mostFrequentPair()
                .map(pair -> String.format(
                        Locale.ROOT,
                        "%d and %d (%.1f %%)",
                        pair.first(),
                        pair.second(),
                        100 * layer.togetherShare(pair.first(), pair.second())))
                .orElse("-");
    }

    private static double log2(int experts) {
        return Math.log(experts) / Math.log(2);
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%5s  %-14s %-14s %-17s %9s %9s  %s", cells)
                .stripTrailing();
    }
}
