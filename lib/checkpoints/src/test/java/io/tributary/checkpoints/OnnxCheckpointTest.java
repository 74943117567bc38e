package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxCheckpointTest {
    private static final long[] TWO_BY_THREE = {2, 3};

    @TempDir
    private Path folder;

    /** As {@link #weights} with a tensor that is no weight. */
    private static OnnxBytes graph() {
        return weights()
                .message(
                        5, OnnxBytes.tensor("position_ids", OnnxTensor.INT64, 1).raw(9, OnnxBytes.raw(0)));
    }

    /** A module's weight that lost its name, its bias, and constants. */
    static OnnxBytes weights() {
        return new OnnxBytes()
                .message(1, OnnxBytes.node("MatMul", "/encoder/layer.0/dense/MatMul", "y", "x", "onnx::MatMul_7"))
                .message(1, OnnxBytes.node("Add", "/encoder/layer.0/dense/Add", "z", "encoder.layer.0.dense.bias", "y"))
                .message(
                        1,
                        OnnxBytes.constant(
                                "heads", OnnxBytes.tensor("", OnnxTensor.INT64).raw(9, OnnxBytes.raw(12))))
                .message(1, OnnxBytes.constant("epsilon", OnnxBytes.floats("", new long[0], 1e-12f)))
                .message(5, OnnxBytes.floats("encoder.layer.0.dense.bias", new long[] {3}, 7, 8, 9))
                .message(5, OnnxBytes.floats("onnx::MatMul_7", TWO_BY_THREE, 1, 2, 3, 4, 5, 6));
    }

    private Path written(byte[] bytes) throws IOException {
        Path path = folder.resolve("some-model.onnx");
        Files.write(path, bytes);
        return path;
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path path = written(bytes);
        assertThatThrownBy(() -> OnnxCheckpoint.open(path))
                .isInstanceOf(MalformedCheckpointException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message);
    }

    @Test
    void weightsHaveTheNamesOfTheirModules() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(written(OnnxBytes.model(graph())))) {
            assertThat(checkpoint).isInstanceOf(OnnxCheckpoint.class);
            assertThat(checkpoint.name()).isEqualTo("some-model");
            assertThat(checkpoint.tensorNames())
                    .containsExactly(
                            "encoder.layer.0.dense.bias",
                            "encoder.layer.0.dense.weight",
                            "onnx::MatMul_7",
                            "position_ids");
            StoredTensor weight = checkpoint.require("encoder.layer.0.dense.weight");
            assertThat(weight.shape()).containsExactly(3L, 2L);
            assertThat(weight.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(1, 4, 2, 5, 3, 6);
            StoredTensor bias = checkpoint.require("encoder.layer.0.dense.bias");
            assertThat(bias.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(7, 8, 9);
            assertThatThrownBy(() -> checkpoint.require("encoder.layer.1.dense.weight"))
                    .isInstanceOf(MissingTensorException.class)
                    .hasMessageContaining("encoder.layer.0.dense");
            assertThatThrownBy(() -> checkpoint.require("position_ids"))
                    .isInstanceOf(UnsupportedTensorTypeException.class);
        }
    }

    @Test
    void constantsOfTheGraphCanBeAskedFor() throws IOException {
        try (OnnxCheckpoint checkpoint = OnnxCheckpoint.open(written(OnnxBytes.model(graph())))) {
            assertThat(checkpoint.integer("heads")).hasValue(12);
            assertThat(checkpoint.integer("epsilon")).isEmpty();
            assertThat(checkpoint.real("epsilon")).hasValue(1e-12f);
            assertThat(checkpoint.real("nothing")).isEmpty();
            assertThat(checkpoint.nodes().getFirst().module()).isEqualTo("encoder.layer.0.dense");
        }
    }

    @Test
    void aFileWhoseGraphDiffersHasAnotherFingerprint() throws IOException {
        String first;
        try (Checkpoint checkpoint = Checkpoint.open(written(OnnxBytes.model(graph())))) {
            first = checkpoint.fingerprint();
        }
        OnnxBytes more = graph().message(1, OnnxBytes.node("Relu", "/encoder/Relu", "r", "z"));
        try (Checkpoint checkpoint = Checkpoint.open(written(OnnxBytes.model(more)))) {
            assertThat(checkpoint.fingerprint()).isNotEqualTo(first);
        }
    }

    @Test
    void whatBreaksTheFormatIsRefusedByName() throws IOException {
        byte[] whole = OnnxBytes.model(graph());
        assertRefused(new byte[0], "there is no graph");
        assertRefused(Arrays.copyOf(whole, whole.length - 1), "bytes where");
        assertRefused(OnnxBytes.model(graph().message(5, OnnxBytes.floats("w", TWO_BY_THREE, 1))), "'w' of type F32");
        assertRefused(
                OnnxBytes.model(graph().message(5, OnnxBytes.floats("onnx::MatMul_7", new long[] {1}, 1))),
                "'onnx::MatMul_7' is declared twice");
        assertRefused(
                OnnxBytes.model(
                        new OnnxBytes().message(5, OnnxBytes.tensor("w", 1, 2).integer(14, 1))),
                "'w' is in another file");
        assertRefused(OnnxBytes.model(new OnnxBytes().message(5, OnnxBytes.tensor("w", 1, -2))), "and then -2");
        assertRefused(new byte[] {(byte) 0x3F}, "wire type 7");
    }
}
