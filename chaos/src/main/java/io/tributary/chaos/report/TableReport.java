package io.tributary.chaos.report;

import io.tributary.chaos.load.LoadTally;
import io.tributary.chaos.mesh.MemberKind;
import io.tributary.chaos.mesh.MeshFigures;
import io.tributary.chaos.mesh.ProcessFigures;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A run as a table for a person. */
public final class TableReport {
    private static final double MEDIAN = 50;
    private static final double NEARLY_ALL = 99;
    private static final double MEBI = 1 << 20;

    private final Formatter text = new Formatter(Locale.ROOT);
    private final ChaosReport report;

    private TableReport(ChaosReport report) {
        this.report = report;
    }

    /** The report as text of several lines. */
    public static String of(ChaosReport report) {
        return new TableReport(report).table();
    }

    private String table() {
        LoadTally.Counts load = report.load();
        text.format("seed %d, %d s%n%n", report.seed(), report.length().toSeconds());
        row("sessions", load.sessions());
        row("of these cancelled on purpose", load.cancelled());
        row("streams resumed", load.resumes());
        row("tokens", load.tokens());
        row("mismatches", load.mismatches());
        row("lost", load.lost());
        row(
                "sessions left on shards",
                report.sessionsLeft().isPresent() ? report.sessionsLeft().getAsInt() : "unknown");
        row(
                "positions computed again",
                report.replayed().isPresent() ? report.replayed().getAsLong() : "unknown");
        faults();
        resources();
        load.problems().forEach(problem -> text.format("%s%n", problem));
        return text.toString();
    }

    private void faults() {
        text.format("%n%-16s %6s %14s %14s%n", "fault", "number", "pause p50, ms", "pause p99, ms");
        Map<String, List<Long>> byKind = report.faults().stream()
                .collect(Collectors.groupingBy(
                        ChaosReport.InjectedFault::kind,
                        TreeMap::new,
                        Collectors.mapping(ChaosReport.InjectedFault::longestPauseMillis, Collectors.toList())));
        byKind.forEach(this::fault);
        fault("all", report.recoveries());
    }

    private void fault(String kind, List<Long> pauses) {
        text.format(
                "%-16s %6d %14d %14d%n",
                kind, pauses.size(), Percentiles.of(pauses, MEDIAN), Percentiles.of(pauses, NEARLY_ALL));
    }

    private void resources() {
        text.format(
                "%n%-10s %-6s %9s %13s %11s %8s%n",
                "process", "", "heap, MiB", "resident, MiB", "open files", "threads");
        for (MemberKind kind : report.first().kinds()) {
            process(kind.label(), "first", report.first(), kind);
            process("", "last", report.last(), kind);
        }
        text.format(
                "broker's disk: %s, at the end %s MiB%n",
                mebi(report.first().brokerDiskBytes()), mebi(report.last().brokerDiskBytes()));
    }

    private void process(String name, String when, MeshFigures figures, MemberKind kind) {
        ProcessFigures process = figures.of(kind);
        text.format(
                "%-10s %-6s %9s %13s %11d %8d%n",
                name,
                when,
                mebi(process.heapBytes()),
                mebi(process.residentBytes()),
                process.openFiles(),
                process.threads());
    }

    private static String mebi(long bytes) {
        return bytes < 0 ? "-" : String.format(Locale.ROOT, "%.0f", bytes / MEBI);
    }

    private void row(String what, Object value) {
        text.format("%-32s %10s%n", what, value);
    }
}
