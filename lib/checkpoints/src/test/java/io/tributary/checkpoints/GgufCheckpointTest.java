package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufCheckpointTest {
    @TempDir
    private Path folder;

    @Test
    void tensorsOfEveryTypeAreReadBack() {
        List<StoredTensor> tensors = Arrays.stream(TensorType.values())
                .filter(type -> type.ggmlId().isPresent())
                .map(type -> TestFiles.tensor(type + ".weight", type, 3L, 2L * type.blockElements()))
                .toList();
        GgufWriter writer = new GgufWriter();
        tensors.forEach(writer::tensor);
        try (Checkpoint checkpoint = written(writer)) {
            assertThat(checkpoint.tensorNames()).hasSize(tensors.size());
            assertThat(tensors).allSatisfy(tensor -> {
                StoredTensor read = checkpoint.require(tensor.name());
                assertThat(read.type()).isEqualTo(tensor.type());
                assertThat(read.shape()).isEqualTo(tensor.shape());
                assertThat(TestFiles.bytes(read)).isEqualTo(TestFiles.bytes(tensor));
                assertThat(read.data().isReadOnly()).isTrue();
            });
        }
    }

    @Test
    void shapesAreOutermostFirst() throws IOException {
        Path path = folder.resolve("m.gguf");
        new GgufWriter()
                .tensor(TestFiles.tensor("w", TensorType.F32, 5L, 3L, 2L))
                .write(path);

        byte[] bytes = Files.readAllBytes(path);
        int extents = 24 + 8 + 1 + 4;
        assertThat(new byte[] {bytes[extents], bytes[extents + 8], bytes[extents + 16]})
                .as("extents in the file, innermost first")
                .containsExactly(2, 3, 5);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint.require("w").shape()).containsExactly(5L, 3L, 2L);
        }
    }

    @Test
    void scalarsAndEmptyTensorsAreLegal() {
        GgufWriter writer = new GgufWriter()
                .tensor(TestFiles.tensor("scalar", TensorType.F32))
                .tensor(TestFiles.tensor("empty", TensorType.Q8_0, 0L, 32L));
        try (Checkpoint checkpoint = written(writer)) {
            assertThat(checkpoint.require("scalar").elements()).isEqualTo(1);
            assertThat(checkpoint.require("empty").data().byteSize()).isZero();
        }
    }

    @Test
    void tensorsFollowTheStatedAlignment() {
        for (int alignment : List.of(1, 8, 256)) {
            GgufWriter writer = new GgufWriter(alignment)
                    .tensor(TestFiles.tensor("a", TensorType.I8, 3L))
                    .tensor(TestFiles.tensor("b", TensorType.I8, 5L));
            try (GgufCheckpoint checkpoint = written(writer)) {
                assertThat(checkpoint.metadata().integer("general.alignment")).isEqualTo(alignment);
                assertThat(TestFiles.bytes(checkpoint.require("b"))).containsExactly(0, 1, 2, 3, 4);
                assertThat(checkpoint.require("b").data().address() % alignment).isZero();
            }
        }
    }

    @Test
    void versionTwoIsReadLikeVersionThree() throws IOException {
        Path path = folder.resolve("m.gguf");
        new GgufWriter().string("general.name", "old").write(path);
        byte[] bytes = Files.readAllBytes(path);
        bytes[4] = 2;
        TestFiles.write(path, bytes);
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(path)) {
            assertThat(checkpoint.metadata().string("general.name")).isEqualTo("old");
        }
    }

    @Test
    void aTensorOfAnUnknownTypeFailsOnlyWhenItIsWanted() throws IOException {
        Path path = folder.resolve("m.gguf");
        new GgufWriter()
                .tensor(TestFiles.tensor("new", TensorType.F32, 8L))
                .tensor(TestFiles.tensor("old", TensorType.F32, 8L))
                .write(path);
        byte[] bytes = Files.readAllBytes(path);
        bytes[24 + 8 + 3 + 4 + 8] = 77;
        TestFiles.write(path, bytes);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint.tensorNames()).containsExactly("new", "old");
            assertThat(checkpoint.require("old").elements()).isEqualTo(8);
            assertThat(checkpoint.fingerprint()).hasSize(64);
            assertThatExceptionOfType(UnsupportedTensorTypeException.class)
                    .isThrownBy(() -> checkpoint.require("new"))
                    .withMessageContaining("'new' has the unknown type ggml type 77");
            assertThatExceptionOfType(UnsupportedTensorTypeException.class).isThrownBy(() -> checkpoint.tensor("new"));
        }
    }

    @Test
    void aMissingTensorIsAnsweredWithTheNearestNamesOrTheMissingParts() {
        GgufWriter whole = new GgufWriter().tensor(TestFiles.tensor("blk.0.attn_q.weight", TensorType.F32, 1L));
        try (Checkpoint checkpoint = written(whole)) {
            assertThat(checkpoint.tensor("blk.1.attn_q.weight")).isEmpty();
            assertThatExceptionOfType(MissingTensorException.class)
                    .isThrownBy(() -> checkpoint.require("blk.1.attn_q.weight"))
                    .withMessageContaining("'blk.0.attn_q.weight'");
        }
        GgufWriter part = new GgufWriter().integer("split.count", GgufValueType.UINT16, 3);
        try (Checkpoint checkpoint = written(part)) {
            assertThatExceptionOfType(MissingTensorException.class)
                    .isThrownBy(() -> checkpoint.require("blk.0.attn_q.weight"))
                    .withMessageContaining("one of the 3 parts");
        }
    }

    @Test
    void aModelIsRecognisedByItsFirstBytesWhateverItsName() {
        Path path = folder.resolve("sha256-0123");
        new GgufWriter().write(path);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(checkpoint).isInstanceOf(GgufCheckpoint.class);
            assertThat(checkpoint.name()).isEqualTo("sha256-0123");
        }
    }

    @Test
    void theFingerprintFollowsMetadataAndDirectoryButNotWeights() {
        String first = fingerprint(1, "a", TensorType.F32);
        assertThat(fingerprint(1, "a", TensorType.F32)).isEqualTo(first);
        assertThat(fingerprint(2, "a", TensorType.F32)).isNotEqualTo(first);
        assertThat(fingerprint(1, "b", TensorType.F32)).isNotEqualTo(first);
        assertThat(fingerprint(1, "a", TensorType.I32)).isNotEqualTo(first);

        GgufWriter otherWeights =
                new GgufWriter().integer("llama.block_count", 1).tensor(StoredTensor.ofFloats("a", List.of(2L), 7, 8));
        try (Checkpoint checkpoint = written(otherWeights)) {
            assertThat(checkpoint.fingerprint()).isEqualTo(first);
        }
    }

    @Test
    void tensorsAndMetadataAreGoneAfterClosing() {
        GgufCheckpoint checkpoint =
                written(new GgufWriter().string("general.name", "x").tensor(TestFiles.tensor("w", TensorType.F32, 1L)));
        StoredTensor tensor = checkpoint.require("w");

        checkpoint.close();
        checkpoint.close();

        assertThatIllegalStateException().isThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0));
        assertThatIllegalStateException().isThrownBy(() -> checkpoint.metadata().string("general.name"));
    }

    private String fingerprint(int layers, String tensor, TensorType type) {
        GgufWriter writer =
                new GgufWriter().integer("llama.block_count", layers).tensor(TestFiles.tensor(tensor, type, 2L));
        try (Checkpoint checkpoint = written(writer)) {
            return checkpoint.fingerprint();
        }
    }

    private GgufCheckpoint written(GgufWriter writer) {
        Path path = folder.resolve("model.gguf");
        writer.write(path);
        return GgufCheckpoint.open(path);
    }
}
