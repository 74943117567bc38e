package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    @Test
    void tensorsOfAPythonWrittenFileAreReadAsTheyWere() throws URISyntaxException {
        try (SafetensorsFile file = SafetensorsFile.open(TestFiles.resource("/goldens/llama/inputs.safetensors"))) {
            StoredTensor ids = file.require("input_ids");

            assertThat(file.tensorNames()).containsExactly("input_ids", "input_ids_left_padded");
            assertThat(file.metadata()).containsEntry("format", "pt").hasSize(1);
            assertThat(ids.type()).isEqualTo(TensorType.I32);
            assertThat(ids.shape()).containsExactly(1L, 32L);
            assertThat(ids.data().toArray(ValueLayout.JAVA_INT_UNALIGNED)).startsWith(178, 497, 152, 10);
            assertThat(file.require("input_ids_left_padded").data().toArray(ValueLayout.JAVA_INT_UNALIGNED))
                    .startsWith(420, 152, 425, 172)
                    .hasSize(22);
        }
    }

    @Test
    void everyTensorOfALargerFileHasItsOwnBytes() throws URISyntaxException {
        try (SafetensorsFile file = SafetensorsFile.open(TestFiles.resource("/goldens/llama/expected.safetensors"))) {
            assertThat(file.tensorNames()).hasSize(20);
            assertThat(TestFiles.floats(file.require("past_key_values.1.value")))
                    .startsWith(0.66955286f, -1.5388532f, 2.7058027f, 0.06263413f);
            assertThat(TestFiles.floats(file.require("layers.0.self_attn.q_proj.output")))
                    .startsWith(1.3897209f, -0.38530797f, -0.67371875f, -1.1567079f);
            assertThat(file.require("greedy_tokens").data().toArray(ValueLayout.JAVA_INT_UNALIGNED))
                    .startsWith(253, 257, 503, 467)
                    .hasSize(40);
        }
    }

    @Test
    void scalarsAndEmptyTensorsAreLegal() throws IOException {
        String header = """
                {"empty":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]},
                 "scalar":{"data_offsets":[0,4],"shape":[],"dtype":"F32"}}
                """;
        Path path = TestFiles.write(folder.resolve("odd.safetensors"), TestFiles.safetensors(header, 4));

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.require("scalar").elements()).isEqualTo(1);
            assertThat(file.require("scalar").data().byteSize()).isEqualTo(4);
            assertThat(file.require("empty").elements()).isZero();
            assertThat(file.metadata()).isEmpty();
        }
    }

    @Test
    void aFileWithoutTensorsIsLegal() throws IOException {
        Path path = TestFiles.write(folder.resolve("none.safetensors"), TestFiles.safetensors("{}", 0));

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensorNames()).isEmpty();
            assertThatExceptionOfType(MissingTensorException.class)
                    .isThrownBy(() -> file.require("w"))
                    .withMessageContaining("there are no tensors");
        }
    }

    @Test
    void dataAreReadOnlyAndGoneAfterClosing() throws URISyntaxException {
        SafetensorsFile file = SafetensorsFile.open(TestFiles.resource("/goldens/llama/inputs.safetensors"));
        StoredTensor ids = file.require("input_ids");
        assertThat(ids.data().isReadOnly()).isTrue();

        file.close();
        file.close();

        assertThatIllegalStateException().isThrownBy(() -> ids.data().get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void aMissingTensorIsAnsweredWithTheNearestNames() throws URISyntaxException {
        try (SafetensorsFile file = SafetensorsFile.open(TestFiles.resource("/goldens/llama/expected.safetensors"))) {
            assertThat(file.tensor("layers.7.output")).isEmpty();
            assertThatExceptionOfType(MissingTensorException.class)
                    .isThrownBy(() -> file.require("layers.7.output"))
                    .withMessageContaining("'layers.7.output' is required")
                    .withMessageContaining("nearest among the 20")
                    .withMessageContaining("'layers.1.output'");
            assertThatExceptionOfType(MissingTensorException.class)
                    .isThrownBy(() -> file.require("layers.3.self_attn.q_proj.ouptut"))
                    .withMessageContaining(": 'layers.0.self_attn.q_proj.output', ");
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(CheckpointNotFoundException.class)
                .isThrownBy(() -> SafetensorsFile.open(folder.resolve("absent.safetensors")))
                .withMessageContaining("absent.safetensors does not exist");
        assertThatExceptionOfType(CheckpointNotFoundException.class)
                .isThrownBy(() -> SafetensorsFile.open(folder))
                .withMessageContaining("is not a file");
    }
}
