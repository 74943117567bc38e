package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.WrongUsageException;
import io.tributary.bench.synthetic.TinyModel;
import io.tributary.models.packing.PackingCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBenchmarkTest {
    private static final int REPETITIONS = 3;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aModelIsMeasuredInTurnWithItsPeer() {
        Workload workload = new Workload(65, 9, List.of(1, 3), 2);
        CountingPeer peer = new CountingPeer();
        ModelFigures figures = benchmark(workload).run(Optional.of((model, asked) -> peer));
        assertThat(peer.asked).isEqualTo(List.of(workload, workload, workload));
        assertThat(peer.closed).isTrue();
        assertThat(figures.model()).isEqualTo("tiny-q8-0");
        assertThat(figures.peer().orElseThrow().decode()).isEqualTo(new Rates(1, 2, 3));
        assertThat(figures.ours().parallel()).containsOnlyKeys(1, 3);
        assertThat(figures.ours().prefill().minimum()).isPositive();
        assertThat(figures.ours().decode().minimum()).isPositive();
        assertThat(figures.limits().readRate().minimum()).isGreaterThan(1e8);
        assertThat(figures.limits().arithmeticRate().minimum()).isGreaterThan(1e8);
        assertThat(figures.firstToken().seconds()).isPositive();
        assertThat(figures.firstToken().packing().temperature()).isEqualTo("off");
        assertThat(figures.ratioToPeer().orElseThrow().parallel()).containsOnlyKeys(1, 3);
    }

    @Test
    void theFirstTokenSaysWhetherTheCacheWasCold() throws InterruptedException {
        Workload workload = new Workload(3, 2, List.of(), 2);
        PackingCache cache = PackingCache.in(directory.resolve("cache"), 1L << 30, 0);
        Path model = TinyModel.dense(directory);
        // A file that has just been written is not cached: it may change again within a tick of the file system's
        // clock.
        Thread.sleep(Duration.ofMillis(100));
        for (String temperature : List.of("cold", "warm")) {
            ModelFigures figures =
                    new ModelBenchmark(model, workload, 1, Duration.ZERO, cache, ignored -> {}).run(Optional.empty());
            assertThat(figures.firstToken().packing().temperature()).isEqualTo(temperature);
        }
    }

    @Test
    void aSequenceBeyondTheContextIsRefused() {
        assertThatThrownBy(() -> benchmark(new Workload(129, 1, List.of(), 1)).run(Optional.empty()))
                .isInstanceOf(WrongUsageException.class)
                .hasMessageContaining("129")
                .hasMessageContaining("128");
    }

    private ModelBenchmark benchmark(Workload workload) {
        return new ModelBenchmark(
                TinyModel.dense(directory), workload, REPETITIONS, Duration.ZERO, PackingCache.off(), ignored -> {});
    }

    /** Decodes at 1, 2, 3 tokens a second in its repetitions. */
    private static final class CountingPeer implements Engine {
        private final List<Workload> asked = new ArrayList<>();
        private boolean closed;

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Round measure(Workload workload) {
            asked.add(workload);
            return new Round(10, asked.size(), new TreeMap<>(Map.of(1, 1.0, 3, 2.0)));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
