package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts stand for the programs of llama.cpp: they check their arguments and print what those print. */
class ToolPeerTest {
    private static final Workload WORKLOAD = new Workload(24, 16, List.of(1, 4), 2);
    private static final Path MODEL = Path.of("some model.gguf");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void bothProgramsAreRunWithTheWorkload() throws IOException {
        program("llama-bench", "-m some model.gguf -p 24 -n 16 -t 2 -r 1 -o json", """
                [{"build_commit": "c", "build_number": 9, "n_prompt": 24, "n_gen": 0, "avg_ts": 50},
                 {"build_commit": "c", "build_number": 9, "n_prompt": 0, "n_gen": 16, "avg_ts": 20}]""");
        program(
                "llama-batched-bench",
                "-m some model.gguf -c 160 -t 2 -tb 2 -npp 8 -ntg 32 -npl 1,4 --output-format jsonl",
                """
                {"pl": 1, "speed_tg": 19}
                {"pl": 4, "speed_tg": 40}""");
        try (ToolPeer peer = ToolPeer.start(directory, MODEL, WORKLOAD)) {
            Round round = peer.measure(WORKLOAD);
            assertThat(round.prefill()).isEqualTo(50);
            assertThat(round.decode()).isEqualTo(20);
            assertThat(round.parallel()).isEqualTo(Map.of(1, 19.0, 4, 40.0));
            assertThat(peer.version()).isEqualTo("b9 c");
        }
    }

    @Test
    void theProgramMayBeNamedItself() throws IOException {
        Path program = program("llama-bench", "", "");
        Workload single = new Workload(24, 16, List.of(), 2);
        try (ToolPeer peer = ToolPeer.start(program, MODEL, single)) {
            assertThat(peer.name()).isEqualTo("llama.cpp");
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamedBeforeAnythingRuns() throws IOException {
        program("llama-bench", "", "");
        assertThatThrownBy(() -> ToolPeer.start(directory, MODEL, WORKLOAD))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining(directory.resolve("llama-batched-bench").toString());
    }

    @Test
    void aProgramThatFailsIsQuotedWithItsStatus() throws IOException {
        program("llama-bench", "other arguments", "");
        program("llama-batched-bench", "", "");
        try (ToolPeer peer = ToolPeer.start(directory, MODEL, WORKLOAD)) {
            assertThatThrownBy(() -> peer.measure(WORKLOAD))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("status 3")
                    .hasMessageContaining("unexpected arguments -m some model.gguf -p 24");
        }
    }

    private Path program(String name, String arguments, String output) throws IOException {
        Path script = directory.resolve(name);
        Files.writeString(script, """
                #!/bin/sh
                [ "$*" = "%s" ] || { echo "unexpected arguments $*" >&2; exit 3; }
                cat <<'END'
                %s
                END
                """.formatted(arguments, output));
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
