package io.tributary.chaos.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Looks at the processes of a mesh from outside: their metrics, and what the operating system says of them. */
public final class MeshObserver implements AutoCloseable {
    private static final String REPLAYED = "tributary_decoder_replayed_positions_total";
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
    private static final int OK = 200;
    private static final long KIBI = 1024;

    private final MeshUnderTest mesh;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CALL_TIMEOUT).build();
    private final Map<Long, Long> replayedByProcess = new ConcurrentHashMap<>();

    /** @param mesh whose processes are looked at */
    public MeshObserver(MeshUnderTest mesh) {
        this.mesh = mesh;
    }

    /** What the processes of each kind take now, and the broker's data on disk. */
    public MeshFigures figures() {
        Map<MemberKind, ProcessFigures> byKind = new EnumMap<>(MemberKind.class);
        for (MemberKind kind : MemberKind.values()) {
            List<ProcessFigures> ofKind = mesh.members().stream()
                    .filter(member -> member.kind() == kind)
                    .map(this::figuresOf)
                    .toList();
            if (!ofKind.isEmpty()) {
                byKind.put(kind, ProcessFigures.mostOf(ofKind));
            }
        }
        return new MeshFigures(byKind, diskUse(mesh.brokerData()));
    }

    private ProcessFigures figuresOf(MeshMember member) {
        Optional<Long> pid = member.pid();
        if (pid.isEmpty()) {
            return ProcessFigures.UNKNOWN;
        }
        Path process = Path.of("/proc", Long.toString(pid.get()));
        long heap = metrics(member)
                .flatMap(text -> {
                    var used = PrometheusText.sum(text, "jvm_memory_used_bytes", "area=\"heap\"");
                    return used.isPresent() ? Optional.of((long) used.getAsDouble()) : Optional.empty();
                })
                .orElse(-1L);
        long resident = status(process, "VmRSS:");
        return new ProcessFigures(
                heap, resident < 0 ? -1 : resident * KIBI, openFiles(process), status(process, "Threads:"));
    }

    /** Remembers how many positions a shard has computed again in its present life, which may be about to end. */
    public void noteReplayed(MeshMember shard) {
        Optional<Long> pid = shard.pid();
        Optional<String> text = metrics(shard);
        if (pid.isPresent() && text.isPresent()) {
            PrometheusText.sum(text.get(), REPLAYED, "")
                    .ifPresent(positions -> replayedByProcess.put(pid.get(), (long) positions));
        }
    }

    /** Positions that were computed again, in all lives of all shards that were noted; empty if no shard counts them. */
    public OptionalLong replayed() {
        mesh.members().stream()
                .filter(member -> member.kind() == MemberKind.DECODER)
                .forEach(this::noteReplayed);
        return replayedByProcess.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(replayedByProcess.values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    private Optional<String> metrics(MeshMember member) {
        int port = member.start().httpPort();
        if (port == 0) {
            return Optional.empty();
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics"))
                .timeout(CALL_TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == OK ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException silent) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static long status(Path process, String field) {
        try (Stream<String> lines = Files.lines(process.resolve("status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line ->
                            Long.parseLong(Arrays.asList(line.split("\\s+")).get(1)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException | UncheckedIOException ended) {
            return -1;
        }
    }

    private static long openFiles(Path process) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return files.count();
        } catch (IOException | UncheckedIOException ended) {
            return -1;
        }
    }

    /** Bytes of the files below; those that are deleted meanwhile do not count. */
    private static long diskUse(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(
                            file -> Files.isRegularFile(file) ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException changing) {
            return -1;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
