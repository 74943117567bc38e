package io.tributary.chaos.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.chaos.load.LoadTally;
import io.tributary.chaos.mesh.MemberKind;
import io.tributary.chaos.mesh.MeshFigures;
import io.tributary.chaos.mesh.ProcessFigures;

/**
 * A run as one JSON object. Times are in milliseconds unless their name says otherwise, sizes in bytes; null or -1 stands for
 * what is not known.
 */
public final class JsonReport {
    private static final double MEDIAN = 50;
    private static final double NEARLY_ALL = 99;
    private static final double MILLIS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    /** The report as JSON. */
    public static ObjectNode of(ChaosReport report) {
        LoadTally.Counts load = report.load();
        ObjectNode json = JSON.createObjectNode()
                .put("seed", report.seed())
                .put("seconds", report.length().toMillis() / MILLIS)
                .put("sessions", load.sessions())
                .put("cancelled", load.cancelled())
                .put("resumes", load.resumes())
                .put("tokens", load.tokens())
                .put("faults", report.faults().size());
        ObjectNode byKind = json.putObject("faults_by_kind");
        report.faults()
                .forEach(fault ->
                        byKind.put(fault.kind(), byKind.path(fault.kind()).asInt() + 1));
        json.put("mismatches", load.mismatches()).put("lost", load.lost());
        json.put(
                "sessions_left",
                report.sessionsLeft().isPresent() ? report.sessionsLeft().getAsInt() : null);
        json.putObject("recovery_ms")
                .put("p50", Percentiles.of(report.recoveries(), MEDIAN))
                .put("p99", Percentiles.of(report.recoveries(), NEARLY_ALL));
        ObjectNode worst = json.putObject("recovery_ms_by_kind");
        report.faults()
                .forEach(fault -> worst.put(
                        fault.kind(), Math.max(worst.path(fault.kind()).asLong(), fault.longestPauseMillis())));
        json.put(
                "tokens_recomputed",
                report.replayed().isPresent() ? report.replayed().getAsLong() : null);
        ObjectNode resources = json.putObject("resources");
        for (MemberKind kind : report.first().kinds()) {
            ObjectNode both = resources.putObject(kind.label());
            both.set("first", process(report.first(), kind));
            both.set("last", process(report.last(), kind));
        }
        json.putObject("broker_disk_bytes")
                .put("first", report.first().brokerDiskBytes())
                .put("last", report.last().brokerDiskBytes());
        load.problems().forEach(json.putArray("problems")::add);
        return json;
    }

    private static ObjectNode process(MeshFigures figures, MemberKind kind) {
        ProcessFigures process = figures.of(kind);
        return JSON.createObjectNode()
                .put("heap_bytes", process.heapBytes())
                .put("resident_bytes", process.residentBytes())
                .put("open_files", process.openFiles())
                .put("threads", process.threads());
    }
}
