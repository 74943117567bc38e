package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.experts.ExpertSet;
import io.tributary.models.experts.LayerLoad;
import io.tributary.models.experts.RoutedRows;
import io.tributary.models.experts.Routing;
import io.tributary.models.packing.PackingCache;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stage whose experts are chosen and computed beside it. */
class RemoteMixtureTest {
    private static final int POSITIONS = 90;

    @TempDir
    Path directory;

    /** A stage of all layers, with what it takes. */
    private static final class Loaded implements AutoCloseable {
        final Checkpoint checkpoint;
        final WorkPool pool = new WorkPool(2);
        final Architecture architecture;
        final Optional<GatesAndBank> remote;
        final DecoderStage stage;

        /** @param shares the experts of each bank; none for a stage that has them itself */
        Loaded(Path path, String... shares) {
            checkpoint = Checkpoint.open(path);
            architecture = ArchitectureReader.read(checkpoint);
            List<ExpertSet> sets = Stream.of(shares).map(ExpertSet::parse).toList();
            remote = sets.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new GatesAndBank(checkpoint, architecture, pool, DecoderStage.DEFAULT_MAXIMAL_ROWS, sets));
            stage = DecoderStage.load(
                    checkpoint,
                    architecture,
                    StageRange.of(0, 1, architecture.layers().size()),
                    pool,
                    new KeyValueBudget(64L << 20, KeyValueType.F32),
                    DecoderStage.DEFAULT_MAXIMAL_ROWS,
                    PackingCache.off(),
                    LoadProgress.untold(),
                    remote.map(RemoteExperts.class::cast));
        }

        /** The logits of two sequences in one batch, and what the layers chose for them. */
        float[] logits(RoutingObserver observer) {
            Batch batch = new Batch(DecoderStage.DEFAULT_MAXIMAL_ROWS);
            try (SequenceState one = stage.open(POSITIONS);
                    SequenceState other = stage.open(POSITIONS)) {
                batch.add(one, 0, tokens(1, POSITIONS), LogitsRows.ALL);
                batch.add(other, 0, tokens(2, 40), LogitsRows.ALL);
                stage.forward(batch, observer);
                return stage.logits().data().toArray(ValueLayout.JAVA_FLOAT);
            }
        }

        @Override
        public void close() {
            stage.close();
            remote.ifPresent(GatesAndBank::close);
            pool.close();
            checkpoint.close();
        }
    }

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 0, 131).toArray();
    }

    @ParameterizedTest
    @EnumSource
    void whereExpertsAreComputedChangesNoBit(MixtureFamily family) {
        Path path = family.write(family.weights(7), directory);
        float[] expected;
        int experts;
        try (Loaded direct = new Loaded(path)) {
            expected = direct.logits(RoutingObserver.NONE);
            experts = direct.stage.expertStatistics().experts();
        }
        String last = "2-" + (experts - 1);
        List<String[]> placements = List.of(
                new String[] {"0-" + (experts - 1)}, new String[] {"1", last, "0"}, new String[] {last, "0-1,3", "1"});
        for (String[] shares : placements) {
            try (Loaded remote = new Loaded(path, shares)) {
                assertThat(remote.logits(RoutingObserver.NONE))
                        .as(String.join(" / ", shares))
                        .isEqualTo(expected);
                assertThat(remote.stage.expertStatistics().layers()).isEmpty();
            }
        }
    }

    @Test
    void anObserverSeesTheSameChoicesWhereverExpertsAre() {
        Path path = MixtureFamily.MIXTRAL.write(MixtureFamily.MIXTRAL.weights(7), directory);
        List<String> direct = new ArrayList<>();
        List<String> remote = new ArrayList<>();
        try (Loaded loaded = new Loaded(path)) {
            loaded.logits((layer, rows, routing) -> direct.add(described(layer, rows, routing)));
            LayerLoad load = loaded.stage.expertStatistics().load(0);
            assertThat(load.positions()).isEqualTo(POSITIONS + 40);
            assertThat(load.choices()).isEqualTo(2L * (POSITIONS + 40));
        }
        try (Loaded loaded = new Loaded(path, "0-7")) {
            loaded.logits((layer, rows, routing) -> remote.add(described(layer, rows, routing)));
        }
        assertThat(remote).isEqualTo(direct).isNotEmpty();
    }

    private static String described(int layer, int rows, Routing routing) {
        RoutedRows routed = new RoutedRows();
        routed.take(routing, rows);
        StringBuilder text = new StringBuilder("layer " + layer);
        for (int row = 0; row < rows; row++) {
            text.append(" |");
            for (int rank = 0; rank < routed.count(row); rank++) {
                text.append(" ").append(routed.expert(row, rank)).append(":").append(routed.weight(row, rank));
            }
        }
        return text.toString();
    }

    @Test
    void onlyTheSequenceWhoseExpertsAreGoneFails() {
        Path path = MixtureFamily.OLMOE.write(MixtureFamily.OLMOE.weights(7), directory);
        Batch batch = new Batch(DecoderStage.DEFAULT_MAXIMAL_ROWS);
        try (Loaded loaded = new Loaded(path, "0-7");
                SequenceState one = loaded.stage.open(POSITIONS);
                SequenceState other = loaded.stage.open(POSITIONS)) {
            batch.add(one, 0, tokens(1, 20), LogitsRows.NONE);
            batch.add(other, 0, tokens(2, 40), LogitsRows.NONE);
            loaded.remote.orElseThrow().fail(1);
            ExpertsUnavailableException failure =
                    catchThrowableOfType(ExpertsUnavailableException.class, () -> loaded.stage.forward(batch));
            assertThat(failure.sequence()).isSameAs(other);
            assertThat(failure).hasMessageContaining("layer 0").hasMessageContaining("expert 1 is gone");
            assertThat(failure.retryable()).isTrue();
            assertThat(one.positions()).isZero();
        }
    }

    @Test
    void aBankComputesTheExpertsThatItHoldsAtTheMoment() {
        Path path = MixtureFamily.QWEN3_MOE.write(MixtureFamily.QWEN3_MOE.weights(7), directory);
        try (Checkpoint checkpoint = Checkpoint.open(path);
                WorkPool pool = new WorkPool(1)) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            int layers = architecture.layers().size();
            try (ExpertBank bank = ExpertBank.open(checkpoint, architecture, 0, layers, pool, 8, PackingCache.off())) {
                assertThat(bank.experts().isEmpty()).isTrue();
                bank.add(3);
                bank.add(1);
                assertThat(bank.experts()).isEqualTo(ExpertSet.parse("1,3"));
                long both = bank.weightBytes();
                int layer = layerOf(bank, 3, layers);
                bank.input(2).data().fill((byte) 0);
                assertThat(bank.compute(layer, 3, 2).rows()).isEqualTo(2);
                bank.remove(1);
                assertThat(bank.weightBytes()).isEqualTo(both / 2);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> bank.compute(layer, 1, 2))
                        .withMessageContaining("expert 1 of layer " + layer)
                        .withMessageContaining("held are the experts 3");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> bank.add(bank.count()))
                        .withMessageContaining("there are " + bank.count());
            }
        }
    }

    private static int layerOf(ExpertBank bank, int expert, int layers) {
        for (int layer = 0; layer < layers; layer++) {
            if (bank.holds(layer, expert)) {
                return layer;
            }
        }
        throw new AssertionError("the model has no layer with experts");
    }
}
