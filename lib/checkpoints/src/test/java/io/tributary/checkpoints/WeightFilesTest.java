package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {
    private static final Duration LONGER_THAN_A_CLOCK_TICK = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private Path model(String name, int values) {
        float[] weights = new float[1_000_000];
        weights[weights.length - 1] = values;
        Path file = directory.resolve(name);
        new GgufWriter()
                .string("general.architecture", "llama")
                .tensor(StoredTensor.ofFloats("w", List.of(1_000_000L), weights))
                .write(file);
        return file;
    }

    private static void settle() throws InterruptedException {
        Thread.sleep(LONGER_THAN_A_CLOCK_TICK);
    }

    private static String stamp(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return checkpoint.weightFiles().stamp().orElseThrow();
        }
    }

    private static String hash(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return checkpoint.weightFiles().contentHash(() -> true).orElseThrow();
        }
    }

    @Test
    void theHashIsThatOfTheContentAndTheStampThatOfTheFile() throws Exception {
        Path file = model("a.gguf", 1);
        Path other = model("b.gguf", 2);
        Path copy = Files.copy(file, directory.resolve("copy.gguf"));
        settle();

        assertThat(hash(file)).matches("[0-9a-f]{64}").isEqualTo(hash(copy)).isNotEqualTo(hash(other));
        assertThat(stamp(file))
                .matches("[0-9a-f]{64}")
                .isEqualTo(stamp(file))
                .isNotEqualTo(stamp(copy))
                .isNotEqualTo(stamp(other));
    }

    @Test
    void aChangeThatKeepsLengthAndModificationTimeChangesTheStamp() throws Exception {
        Path file = model("a.gguf", 1);
        FileTime modified = Files.getLastModifiedTime(file);
        settle();
        String before = stamp(file);

        Files.write(file, Files.readAllBytes(model("b.gguf", 2)));
        Files.setLastModifiedTime(file, modified);
        settle();

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
        assertThat(stamp(file)).isNotEqualTo(before);
    }

    @Test
    void aFileThatHasJustChangedHasNoStampAsItMayChangeAgainUnseen() {
        Path file = model("a.gguf", 1);
        assertThat(FileStamp.of(file)).isEmpty();
    }

    @Test
    void aFileThatChangesWhileItIsOpenHasNoHash() throws Exception {
        Path file = model("a.gguf", 1);
        settle();
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            settle();
            assertThat(checkpoint.weightFiles().contentHash(() -> true)).isEmpty();
        }
    }

    @Test
    void hashingStopsWhenItIsToldTo() throws Exception {
        Path file = model("a.gguf", 1);
        settle();
        int[] asked = new int[1];
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            Optional<String> hash = checkpoint.weightFiles().contentHash(() -> ++asked[0] < 3);
            assertThat(hash).isEmpty();
            assertThat(asked[0]).isEqualTo(3);
        }
    }

    @Test
    void aClosedCheckpointIsNotHashed() throws Exception {
        Path file = model("a.gguf", 1);
        settle();
        Checkpoint checkpoint = Checkpoint.open(file);
        WeightFiles files = checkpoint.weightFiles();
        checkpoint.close();
        assertThatThrownBy(() -> files.contentHash(() -> true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void allShardsOfADirectoryCount() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("config.json"), "{}");
        Path first = directory.resolve("model-1.safetensors");
        Path second = directory.resolve("model-2.safetensors");
        SafetensorsWriter.write(first, List.of(TestFiles.tensor("a", TensorType.F32, 4L)));
        SafetensorsWriter.write(second, List.of(TestFiles.tensor("b", TensorType.F32, 4L)));
        settle();
        String before = hash(directory);
        String stamp = stamp(directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.weightFiles().bytes()).isEqualTo(Files.size(first) + Files.size(second));
        }

        SafetensorsWriter.write(second, List.of(StoredTensor.ofFloats("b", List.of(4L), 1, 2, 3, 5)));
        settle();

        assertThat(hash(directory)).isNotEqualTo(before);
        assertThat(stamp(directory)).isNotEqualTo(stamp);
    }

    @Test
    void aDirectoryWithoutWeightsHasNeither() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.weightFiles().bytes()).isZero();
            assertThat(checkpoint.weightFiles().stamp()).isEmpty();
            assertThat(checkpoint.weightFiles().contentHash(() -> true)).isEmpty();
        }
    }
}
