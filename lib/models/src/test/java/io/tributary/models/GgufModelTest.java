package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GgufModelTest {
    private static final float EPSILON = 1e-5f;

    @TempDir
    Path directory;

    @Test
    void theGoldenModelAsGgufGivesTheGoldenLogits() {
        TestShape shape = new TestShape(512, 64, 3, 4, 2, 16, 176, false, false, false, false);
        try (Golden golden = new Golden("llama");
                Checkpoint original = Checkpoint.open(golden.directory())) {
            GgufModel model = new GgufModel(TestWeights.of(original, shape), "llama", TensorType.F32);
            Path file = model.write(model.metadata(256, 10_000, EPSILON), directory.resolve("golden.gguf"));
            try (Pipeline pipeline = new Pipeline(file, 2, 2)) {
                assertThat(pipeline.logits(golden.inputIds("input_ids"), 32))
                        .containsExactly(golden.floats("logits"), offset(golden.tolerance("logits")));
                assertThat(pipeline.architecture().beginningOfTextId()).hasValue(1);
                assertThat(pipeline.architecture().endOfTextIds()).containsExactly(2);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "llama, F32,  false",
        "llama, Q8_0, false",
        "llama, Q4_0, true",
        "qwen2, F32,  true",
        "qwen2, Q8_0, true",
        "qwen2, Q4_0, false"
    })
    void aModelEqualsTheNaiveDecoderOnTheStoredWeights(String architecture, TensorType type, boolean tied) {
        TestShape shape = TestShape.plain(64, 4, 2, 16, 96).withBiases(architecture.equals("qwen2"), false, false);
        TestWeights weights = TestWeights.random(tied ? shape.withTiedUnembedding() : shape, 12);
        GgufModel model = new GgufModel(weights, architecture, type);
        Path file = model.write(model.metadata(128, 10_000, EPSILON), directory.resolve("model.gguf"));
        check(file, model.stored(), frequencies(16));
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void aModelOfTheTypesThatPeopleDownloadEqualsTheNaiveDecoderOnTheStoredWeights(TensorType type) {
        TestWeights weights = TestWeights.random(TestShape.plain(256, 4, 2, 64, 512), 12);
        GgufModel model = new GgufModel(weights, "llama", type);
        Path file = model.write(model.metadata(128, 10_000, EPSILON), directory.resolve("model.gguf"));
        check(file, model.stored(), frequencies(64));
    }

    @Test
    void biasesOfAllProjectionsOfALlamaFileAreUsed() {
        TestWeights weights =
                TestWeights.random(TestShape.plain(40, 4, 2, 10, 36).withBiases(true, true, true), 3);
        GgufModel model = new GgufModel(weights, "llama", TensorType.F32);
        Path file = model.write(model.metadata(128, 10_000, EPSILON), directory.resolve("biased.gguf"));
        check(file, weights, frequencies(10));
    }

    @Test
    void linearScalingAndFrequencyDivisorsAreApplied() {
        TestWeights weights = TestWeights.random(TestShape.plain(40, 4, 2, 8, 36), 3);
        GgufModel model = new GgufModel(weights, "llama", TensorType.F32);
        float[] divisors = {1, 2.5f, 8, 32};
        GgufWriter writer = model.metadata(128, 10_000, EPSILON)
                .string("llama.rope.scaling.type", "linear")
                .real("llama.rope.scaling.factor", 2)
                .tensor(StoredTensor.ofFloats("rope_freqs.weight", List.of(4L), divisors));
        double[] frequencies = frequencies(8);
        Arrays.setAll(frequencies, pair -> frequencies[pair] / divisors[pair] / 2);
        check(model.write(writer, directory.resolve("scaled.gguf")), weights, frequencies);
    }

    private static void check(Path file, TestWeights weights, double[] frequencies) {
        int[] tokens = new Random(2).ints(80, 0, weights.shape().vocabulary()).toArray();
        double[][] expected = new NaiveDecoder(weights, EPSILON, frequencies).logits(tokens);
        try (Pipeline pipeline = new Pipeline(file, 1, 2)) {
            ReferenceTest.assertClose(pipeline.logits(tokens, 80), expected, 5e-5);
        }
    }

    private static double[] frequencies(int headSize) {
        double[] frequencies = new double[headSize / 2];
        Arrays.setAll(frequencies, pair -> Math.pow(10_000, -2.0 * pair / headSize));
        return frequencies;
    }
}
