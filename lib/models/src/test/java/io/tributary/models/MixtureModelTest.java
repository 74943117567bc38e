package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.checkpoints.MissingTensorException;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ChannelMixing;
import io.tributary.models.architecture.ExpertCapacity;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.LayerSpec;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.weights.NonFiniteWeightException;
import io.tributary.models.weights.TensorShapeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole models with experts: against the naive decoder, as GGUF files, and the promise of one bit pattern. */
class MixtureModelTest {
    private static final int POSITIONS = 150;

    @TempDir
    Path directory;

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 0, 131).toArray();
    }

    private static double[][] expected(MixtureFamily family, TestWeights weights, int[] tokens) {
        double[] frequencies = new double[weights.shape().headSize() / 2];
        Arrays.setAll(
                frequencies,
                pair -> Math.pow(
                        MixtureFamily.BASE_FREQUENCY,
                        -2.0 * pair / weights.shape().headSize()));
        return new NaiveDecoder(weights, MixtureFamily.EPSILON, frequencies, family.gating()).logits(tokens);
    }

    @ParameterizedTest
    @EnumSource
    void everyFamilyEqualsTheNaiveDecoder(MixtureFamily family) {
        TestWeights weights = family.weights(3);
        int[] tokens = tokens(4, 80);
        try (Pipeline pipeline = new Pipeline(family.write(weights, directory), 1, 2)) {
            ReferenceTest.assertClose(pipeline.logits(tokens, 50), expected(family, weights, tokens), 1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stagesThreadsChunksAndCompanyDoNotChangeABit(MixtureFamily family) {
        Path path = family.write(family.weights(11), directory);
        float[] expected = logits(path, 1, 1, POSITIONS);
        assertThat(logits(path, 2, 1, POSITIONS)).as("2 stages").isEqualTo(expected);
        assertThat(logits(path, 1, 2, POSITIONS)).as("2 threads").isEqualTo(expected);
        assertThat(logits(path, 2, 2, 1)).as("chunks of 1").isEqualTo(expected);
        assertThat(logits(path, 1, 2, 7)).as("chunks of 7").isEqualTo(expected);
        assertThat(logits(path, 2, 2, 64)).as("chunks of 64").isEqualTo(expected);
        try (Pipeline pipeline = new Pipeline(path, 2, 2);
                Pipeline.Sequence other = pipeline.open(200);
                Pipeline.Sequence sequence = pipeline.open(POSITIONS);
                Pipeline.Sequence third = pipeline.open(200)) {
            List<float[]> together = pipeline.run(
                    List.of(
                            new Pipeline.Chunk(other, tokens(1, 33)),
                            new Pipeline.Chunk(sequence, tokens(5, POSITIONS)),
                            new Pipeline.Chunk(third, tokens(2, 60))),
                    LogitsRows.ALL);
            assertThat(together.get(1)).as("among others").isEqualTo(expected);
        }
    }

    private static float[] logits(Path path, int stages, int threads, int chunk) {
        try (Pipeline pipeline = new Pipeline(path, stages, threads)) {
            return pipeline.logits(tokens(5, POSITIONS), chunk);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MIXTRAL, F32",
        "MIXTRAL, Q8_0",
        "MIXTRAL, Q4_0",
        "QWEN2_MOE, F32",
        "QWEN2_MOE, Q8_0",
        "QWEN2_MOE, Q4_0",
        "QWEN3_MOE, F32",
        "QWEN3_MOE, Q8_0",
        "OLMOE, F32",
        "OLMOE, Q4_0"
    })
    void aGgufFileEqualsTheNaiveDecoderOnTheStoredWeights(MixtureFamily family, TensorType type) {
        GgufModel model = new GgufModel(family.weights(21), family.ggufName(), type);
        Path file = gguf(model, "model.gguf");
        int[] tokens = tokens(6, 70);
        try (Pipeline pipeline = new Pipeline(file, 2, 2)) {
            ReferenceTest.assertClose(pipeline.logits(tokens, 70), expected(family, model.stored(), tokens), 1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"QWEN2_MOE", "QWEN3_MOE", "OLMOE"})
    void aGgufFileHasTheBitsOfTheSameWeightsInSafetensors(MixtureFamily family) {
        TestWeights weights = family.weights(17);
        Path file = gguf(new GgufModel(weights, family.ggufName(), TensorType.F32), "model.gguf");
        float[] expected = logits(family.write(weights, directory), 1, 2, 50);
        assertThat(logits(file, 1, 2, 50)).isEqualTo(expected);
    }

    private Path gguf(GgufModel model, String name) {
        float base = (float) MixtureFamily.BASE_FREQUENCY;
        return model.write(model.metadata(256, base, (float) MixtureFamily.EPSILON), directory.resolve(name));
    }

    @Test
    void expertsInAnotherOrderWithTheirGateRowsGiveNearlyTheSameLogits() {
        MixtureFamily family = MixtureFamily.OLMOE;
        TestWeights weights = family.weights(2);
        float[] expected = logits(family.write(weights, directory.resolve("first")), 1, 1, 50);
        TestWeights swapped = family.weights(2);
        for (int layer = 0; layer < 3; layer++) {
            String prefix = "model.layers." + layer + ".mlp.";
            float[] gate = weights.floats(prefix + "gate.weight");
            float[] exchanged = gate.clone();
            System.arraycopy(gate, 0, exchanged, 7 * 64, 64);
            System.arraycopy(gate, 7 * 64, exchanged, 0, 64);
            swapped.replace(prefix + "gate.weight", exchanged);
            for (String projection : List.of("gate_proj", "up_proj", "down_proj")) {
                String first = prefix + "experts.0." + projection + ".weight";
                String second = prefix + "experts.7." + projection + ".weight";
                swapped.replace(first, weights.floats(second));
                swapped.replace(second, weights.floats(first));
            }
        }
        float[] actual = logits(family.write(swapped, directory.resolve("second")), 1, 1, 50);
        for (int index = 0; index < actual.length; index++) {
            assertThat(Math.abs(actual[index] - expected[index])).isLessThan(1e-4f);
        }
    }

    @Test
    void aModelThatRoutesWholeSequencesTakesThemInOneChunkOnly() {
        Path path = MixtureFamily.OLMOE.write(MixtureFamily.OLMOE.weights(1), directory);
        Gating gating = new Gating.ExpertChoice(new ExpertCapacity.Share(2));
        try (Pipeline pipeline = new Pipeline(path, 1, 2, architecture -> gatedBy(architecture, gating));
                Pipeline.Sequence sequence = pipeline.open(40)) {
            float[] alone = pipeline.logits(tokens(3, 30), 30);
            List<Pipeline.Chunk> chunks = new ArrayList<>();
            chunks.add(new Pipeline.Chunk(sequence, tokens(3, 30)));
            assertThat(pipeline.run(chunks, LogitsRows.ALL).getFirst()).isEqualTo(alone);
            assertThatExceptionOfType(PositionException.class)
                    .isThrownBy(() ->
                            pipeline.run(List.of(new Pipeline.Chunk(sequence, tokens(4, 1))), LogitsRows.LAST))
                    .withMessageContaining("position 30")
                    .withMessageContaining("whole sequence at once");
            assertThatExceptionOfType(PositionException.class).isThrownBy(() -> pipeline.logits(tokens(3, 30), 20));
        }
    }

    @Test
    void sequencesThatAreRoutedAsAWholeShareNothing() {
        Path path = MixtureFamily.OLMOE.write(MixtureFamily.OLMOE.weights(1), directory);
        Gating gating = new Gating.ExpertChoice(new ExpertCapacity.Share(2));
        int[] tokens = tokens(3, 70);
        try (Pipeline pipeline = new Pipeline(path, 1, 2, architecture -> gatedBy(architecture, gating))) {
            DecoderStage stage = pipeline.stage(0);
            Batch batch = new Batch(70);
            SequenceState source = stage.open(80);
            batch.add(source, 0, tokens, LogitsRows.LAST);
            stage.forward(batch);
            stage.prefixCache().remember(source, 0, tokens);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stage.fork(source, 64, 80))
                    .withMessageContaining("whole sequence at once");
            source.close();
            assertThat(stage.keyValueUse().cachedPages()).isZero();
            try (SequenceState later = stage.open(80)) {
                assertThat(stage.prefixCache().adopt(later, tokens, 70)).isZero();
            }
        }
    }

    private static Architecture gatedBy(Architecture architecture, Gating gating) {
        List<LayerSpec> layers = architecture.layers().stream()
                .map(layer -> new LayerSpec(
                        layer.beforeTokenMixing(),
                        layer.tokenMixing(),
                        layer.beforeChannelMixing(),
                        gatedBy(layer.channelMixing(), gating)))
                .toList();
        return new Architecture(
                architecture.vocabularySize(),
                architecture.width(),
                architecture.contextLength(),
                layers,
                architecture.finalNormalization(),
                architecture.tiedUnembedding(),
                architecture.endOfTextIds(),
                architecture.beginningOfTextId());
    }

    private static ChannelMixing gatedBy(ChannelMixing mixing, Gating gating) {
        return mixing instanceof MixtureOfExperts mixture
                ? new MixtureOfExperts(mixture.experts(), mixture.expert(), gating, mixture.shared())
                : mixing;
    }

    @Test
    void damagedExpertsAreNamed() {
        MixtureFamily family = MixtureFamily.OLMOE;
        String name = "model.layers.1.mlp.experts.7.up_proj.weight";
        TestWeights weights = family.weights(1);
        weights.remove(name);
        assertThatExceptionOfType(MissingTensorException.class)
                .isThrownBy(() -> load(family.write(weights, directory)))
                .withMessageContaining(name);
        TestWeights damaged = family.weights(1);
        float[] values = damaged.floats(name);
        values[64 * 3 + 2] = Float.NaN;
        damaged.replace(name, values);
        assertThatExceptionOfType(NonFiniteWeightException.class)
                .isThrownBy(() -> load(gguf(new GgufModel(damaged, "olmoe", TensorType.F32), "damaged.gguf")))
                .withMessageContaining("blk.1.ffn_up_exps.weight[7]")
                .withMessageContaining("row 3, column 2");
    }

    @Test
    void aStackOfAnotherNumberOfExpertsIsNamedWithBothShapes() {
        MixtureFamily family = MixtureFamily.OLMOE;
        GgufModel model = new GgufModel(family.weights(1), "olmoe", TensorType.F32);
        TestWeights fewer = TestWeights.random(
                family.shape().withMixture(TestMixture.plain(11, 5, 32).withQueryKeyNorm("width")), 1);
        for (int layer = 0; layer < 3; layer++) {
            String gate = "model.layers." + layer + ".mlp.gate.weight";
            fewer.replace(StoredTensor.ofFloats(gate, List.of(12L, 64L), new float[12 * 64]));
        }
        Path file = new GgufModel(fewer, "olmoe", TensorType.F32)
                .write(model.metadata(256, 10_000, 1e-5f), directory.resolve("fewer.gguf"));
        assertThatExceptionOfType(TensorShapeException.class)
                .isThrownBy(() -> load(file))
                .withMessageContaining("blk.0.ffn_gate_exps.weight")
                .withMessageContaining("[11, 32, 64]")
                .withMessageContaining("[12, 32, 64]");
    }

    private static void load(Path path) {
        new Pipeline(path, 1, 1).close();
    }
}
