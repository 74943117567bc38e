package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Path path = folder.resolve("model.safetensors");
        List<StoredTensor> tensors = List.of(
                StoredTensor.ofFloats("é \"quoted\"", List.of(3L, 5L), ascending(15)),
                StoredTensor.ofFloats("scalar", List.of(), Float.NaN),
                StoredTensor.ofFloats("empty", List.of(0L, 4L)),
                TestFiles.tensor("half", TensorType.F16, 3L),
                TestFiles.tensor("bytes", TensorType.U8, 1L));

        SafetensorsWriter.write(path, tensors, Map.of("made by", "a test"));

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensorNames()).hasSize(5);
            assertThat(file.metadata()).containsExactly(Map.entry("made by", "a test"));
            assertThat(tensors).allSatisfy(tensor -> {
                StoredTensor read = file.require(tensor.name());
                assertThat(read.type()).isEqualTo(tensor.type());
                assertThat(read.shape()).isEqualTo(tensor.shape());
                assertThat(TestFiles.bytes(read)).isEqualTo(TestFiles.bytes(tensor));
            });
        }
    }

    @Test
    void dataBeginAtAMultipleOfEight() throws IOException {
        for (int length = 1; length <= 9; length++) {
            Path path = folder.resolve("model.safetensors");
            SafetensorsWriter.write(path, List.of(StoredTensor.ofFloats("n".repeat(length), List.of(1L), 1)));
            long header = ByteBuffer.wrap(Files.readAllBytes(path))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            assertThat(header % 8).as("header of a name of %d", length).isZero();
        }
    }

    @Test
    void aFileThatCannotBeWrittenLeavesTheOldOneAndNoRest() throws IOException {
        Path path = folder.resolve("model.safetensors");
        SafetensorsWriter.write(path, List.of(StoredTensor.ofFloats("w", List.of(1L), 1)));
        byte[] before = Files.readAllBytes(path);
        SafetensorsFile file = SafetensorsFile.open(path);
        StoredTensor dead = file.require("w");
        file.close();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> SafetensorsWriter.write(path, List.of(dead)));

        assertThat(Files.readAllBytes(path)).isEqualTo(before);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aFolderThatIsNotThereIsReported() {
        Path path = folder.resolve("absent").resolve("model.safetensors");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> SafetensorsWriter.write(path, List.of()))
                .withMessageContaining(path + " cannot be written");
    }

    @Test
    void namesThatOccurTwiceAndForeignTypesAreRefused() {
        Path path = folder.resolve("model.safetensors");
        StoredTensor tensor = StoredTensor.ofFloats("w", List.of(1L), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetensorsWriter.write(path, List.of(tensor, tensor)))
                .withMessageContaining("'w'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetensorsWriter.write(path, List.of(TestFiles.tensor("q", TensorType.Q8_0, 32L))))
                .withMessageContaining("'q' is of type Q8_0");
        assertThat(path).doesNotExist();
    }

    private static float[] ascending(int count) {
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = index - 1.5f;
        }
        return values;
    }
}
