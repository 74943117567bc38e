package io.tributary.bench.model;

import java.util.Formatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The figures as a table for a person. */
final class TableReport {
    private static final double GIGA = 1e9;
    private static final double PERCENT = 100;

    private final Formatter text = new Formatter(Locale.ROOT);
    private final ModelFigures figures;

    private TableReport(ModelFigures figures) {
        this.figures = figures;
    }

    static String of(ModelFigures figures) {
        return new TableReport(figures).table();
    }

    private String table() {
        Workload workload = figures.workload();
        text.format(
                "%s, threads %d, median of %d (slowest to fastest)%n",
                figures.model(), workload.threads(), figures.repetitions());
        text.format(
                "%s, %d cores, %s%n",
                figures.machine().processor(),
                figures.machine().cores(),
                figures.machine().java());
        text.format(
                "first token %.2f s after the start of loading, packing cache %s%n",
                figures.firstToken().seconds(), figures.firstToken().packing().temperature());
        figures.peer().ifPresent(peer -> text.format("peer: %s %s%n", peer.name(), peer.version()));
        text.format("%n");
        text.format("%-28s %-28s %-28s %s%n", "tokens/s", "tributary", "peer", "ratio");
        Optional<EngineFigures> peer = figures.peer();
        row(
                "prompt of " + workload.prompt(),
                figures.ours().prefill(),
                peer.map(EngineFigures::prefill).orElse(null));
        row(
                "decode of " + workload.generate(),
                figures.ours().decode(),
                peer.map(EngineFigures::decode).orElse(null));
        figures.ours()
                .parallel()
                .forEach((sequences, ours) -> row(
                        "decode, " + sequences + " sequences",
                        ours,
                        peer.map(other -> other.parallel().get(sequences)).orElse(null)));
        text.format("%n");
        limits();
        return text.toString();
    }

    private void limits() {
        ModelFigures.Limits limits = figures.limits();
        text.format("memory read, GB/s            %s%n", limits.readRate().text(GIGA));
        text.format("multiply-adds, GFLOP/s       %s%n", limits.arithmeticRate().text(GIGA));
        text.format(
                "decode reads %.3f GB of weights a token: %.0f %% of the memory bandwidth%n",
                figures.traffic().decodeBytes() / GIGA, PERCENT * figures.shareOfBandwidth());
        text.format(
                "a prompt takes %.3f GFLOP a token: %.0f %% of the multiply-add rate%n",
                2 * figures.traffic().prefillMultiplyAdds() / GIGA, PERCENT * figures.shareOfPeak());
    }

    private void row(String what, Rates ours, @Nullable Rates theirs) {
        if (theirs == null) {
            text.format("%-28s %-28s%n", what, ours.text(1));
        } else {
            text.format(
                    "%-28s %-28s %-28s %.2f%n", what, ours.text(1), theirs.text(1), ours.median() / theirs.median());
        }
    }
}
