package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.checkpoints.MissingTensorException;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import io.tributary.models.weights.NonFiniteWeightException;
import io.tributary.models.weights.TensorShapeException;
import io.tributary.models.weights.UnsupportedWeightTypeException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedWeightsTest {
    private static final TestShape SHAPE = TestShape.plain(40, 4, 2, 10, 36);

    @TempDir
    Path directory;

    private final TestWeights weights = TestWeights.random(SHAPE, 1);

    private void load() {
        new Pipeline(write(), 1, 1).close();
    }

    private Path write() {
        return weights.writeHuggingFace(
                directory,
                "{" + SHAPE.json() + "\"architectures\": [\"LlamaForCausalLM\"], \"max_position_embeddings\": 64}");
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapes() {
        String name = "model.layers.1.mlp.up_proj.weight";
        weights.replace(StoredTensor.ofFloats(name, List.of(35L, 40L), new float[35 * 40]));
        assertThatExceptionOfType(TensorShapeException.class)
                .isThrownBy(this::load)
                .withMessageContaining(name)
                .withMessageContaining("[35, 40]")
                .withMessageContaining("[36, 40]");
    }

    @Test
    void aTensorOfATypeWithoutKernelIsNamedWithItsType() {
        String name = "model.layers.2.self_attn.k_proj.weight";
        weights.replace(new StoredTensor(
                name, TensorType.F64, List.of(20L, 40L), Arena.ofAuto().allocate(20 * 40 * 8)));
        assertThatExceptionOfType(UnsupportedWeightTypeException.class)
                .isThrownBy(this::load)
                .withMessageContaining(name)
                .withMessageContaining("F64")
                .withMessageContaining("Q8_0");
    }

    @Test
    void aMissingTensorIsNamed() {
        weights.remove("model.norm.weight");
        assertThatExceptionOfType(MissingTensorException.class)
                .isThrownBy(this::load)
                .withMessageContaining("model.norm.weight");
    }

    @Test
    void aWeightThatIsNotFiniteIsNamedWhenTheModelIsLoaded() {
        String matrix = "model.layers.0.mlp.down_proj.weight";
        float[] values = weights.floats(matrix);
        values[77] = Float.NaN;
        weights.replace(matrix, values);
        assertThatExceptionOfType(NonFiniteWeightException.class)
                .isThrownBy(this::load)
                .withMessageContaining(matrix)
                .withMessageContaining("row 2, column 5");
    }

    @Test
    void aNormWeightThatIsNotFiniteIsNamedWhenTheModelIsLoaded() {
        String norm = "model.layers.0.input_layernorm.weight";
        float[] values = weights.floats(norm);
        values[3] = Float.POSITIVE_INFINITY;
        weights.replace(norm, values);
        assertThatExceptionOfType(NonFiniteWeightException.class)
                .isThrownBy(this::load)
                .withMessageContaining(norm)
                .withMessageContaining("element 3");
    }

    @Test
    void anOverflowIsReportedWithItsLayerAndOperation() {
        String name = "model.layers.1.mlp.down_proj.weight";
        float[] values = weights.floats(name);
        Arrays.fill(values, 3e38f);
        weights.replace(name, values);
        try (Pipeline pipeline = new Pipeline(write(), 1, 1)) {
            assertThatExceptionOfType(NonFiniteActivationException.class)
                    .isThrownBy(() -> pipeline.logits(new int[] {1, 2, 3}, 3))
                    .withMessageContaining("layer 1, SwiGLU")
                    .withMessageContaining("position 0");
        }
    }

    @Test
    void anOverflowOfLogitsIsReported() {
        float[] values = weights.floats("lm_head.weight");
        Arrays.fill(values, 3e38f);
        weights.replace("lm_head.weight", values);
        float[] norm = new float[SHAPE.width()];
        Arrays.fill(norm, 100);
        weights.replace("model.norm.weight", norm);
        try (Pipeline pipeline = new Pipeline(write(), 1, 1)) {
            assertThatExceptionOfType(NonFiniteActivationException.class)
                    .isThrownBy(() -> pipeline.logits(new int[] {1, 2, 3}, 3))
                    .withMessageContaining("the unembedding");
        }
    }
}
