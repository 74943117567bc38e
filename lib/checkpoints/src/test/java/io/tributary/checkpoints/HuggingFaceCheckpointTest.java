package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceCheckpointTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeConfiguration() throws IOException {
        TestFiles.write(folder.resolve("config.json"), "{\"model_type\":\"llama\",\"limit\":Infinity}");
    }

    @Test
    void theShippedModelOpens() {
        try (Checkpoint checkpoint = Checkpoint.open(TestFiles.shippedModel())) {
            assertThat(checkpoint).isInstanceOfSatisfying(HuggingFaceCheckpoint.class, model -> {
                assertThat(model.configuration().path("hidden_size").asInt()).isEqualTo(192);
                assertThat(model.generationConfiguration()
                                .orElseThrow()
                                .path("top_k")
                                .asInt())
                        .isEqualTo(40);
                assertThat(model.directory()).isEqualTo(TestFiles.shippedModel());
            });
            StoredTensor embedding = checkpoint.require("model.embed_tokens.weight");
            assertThat(embedding.type()).isEqualTo(TensorType.F16);
            assertThat(embedding.shape()).containsExactly(2048L, 192L);
            assertThat(checkpoint.name()).isEqualTo("kjv-2-6m");
            assertThat(checkpoint.fingerprint()).matches("[0-9a-f]{64}");
            assertThat(List.copyOf(checkpoint.tensorNames())).hasSize(47).isSorted();
        }
    }

    @Test
    void theWeightsFileStandsForItsDirectory() {
        Path model = TestFiles.shippedModel();
        try (Checkpoint byFile = Checkpoint.open(model.resolve("model.safetensors"));
                Checkpoint byDirectory = Checkpoint.open(model)) {
            assertThat(byFile.fingerprint()).isEqualTo(byDirectory.fingerprint());
            assertThat(byFile.name()).isEqualTo(byDirectory.name());
        }
    }

    @Test
    void aDirectoryWithoutWeightsServesItsConfiguration() {
        try (HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(folder)) {
            assertThat(checkpoint.configuration().path("model_type").asText()).isEqualTo("llama");
            assertThat(checkpoint.configuration().path("limit").doubleValue()).isInfinite();
            assertThat(checkpoint.generationConfiguration()).isEmpty();
            assertThat(checkpoint.tensorNames()).isEmpty();
            assertThat(checkpoint.tensor("w")).isEmpty();
            assertThatExceptionOfType(MissingTensorException.class)
                    .isThrownBy(() -> checkpoint.require("w"))
                    .withMessageContaining("model.safetensors, model.safetensors.index.json and *.safetensors");
        }
    }

    @Test
    void brokenWeightsAreNoticedOnlyWhenATensorIsWanted() throws IOException {
        TestFiles.write(folder.resolve("model.safetensors"), "broken");
        try (HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(folder)) {
            assertThatExceptionOfType(MalformedCheckpointException.class).isThrownBy(() -> checkpoint.tensor("w"));
        }
    }

    @Test
    void anIndexLeadsToItsShards() throws IOException {
        writeShard("one.safetensors", "a", 1);
        writeShard("two.safetensors", "b", 2);
        writeShard("stray.safetensors", "a", 3);
        writeIndex("{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.tensorNames()).containsExactly("a", "b");
            assertThat(TestFiles.floats(checkpoint.require("a"))).containsExactly(1);
            assertThat(TestFiles.floats(checkpoint.require("b"))).containsExactly(2);
        }
    }

    @Test
    void anySafetensorsFilesWillDo() {
        writeShard("one.safetensors", "a", 1);
        writeShard("two.safetensors", "b", 2);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.tensorNames()).containsExactly("a", "b");
        }
    }

    @Test
    void aTensorInTwoFilesIsRefused() {
        writeShard("one.safetensors", "a", 1);
        writeShard("two.safetensors", "a", 2);
        assertWeightsRefused()
                .withMessageContaining("two.safetensors: the tensor 'a' is declared in")
                .withMessageContaining("one.safetensors too");
    }

    @Test
    void anIndexThatNamesAMissingShardIsRefused() throws IOException {
        writeIndex("{\"a\":\"gone.safetensors\"}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatExceptionOfType(CheckpointNotFoundException.class)
                    .isThrownBy(checkpoint::tensorNames)
                    .withMessageContaining("gone.safetensors does not exist, but");
        }
    }

    @Test
    void anIndexThatPutsATensorIntoTheWrongShardIsRefused() throws IOException {
        writeShard("one.safetensors", "a", 1);
        writeIndex("{\"a\":\"one.safetensors\",\"b\":\"one.safetensors\"}");
        assertWeightsRefused().withMessageContaining("says that the tensor 'b' is in one.safetensors, but it is not");
    }

    @Test
    void anIndexCannotLeadOutOfItsDirectory() throws IOException {
        for (String shard :
                List.of("\"../x.safetensors\"", "\"/x.safetensors\"", "\"x\"", "7", "\"\\ud800.safetensors\"")) {
            writeIndex("{\"a\":" + shard + "}");
            assertWeightsRefused().withMessageContaining("wanted is the plain name");
        }
        writeIndex("[]");
        assertWeightsRefused().withMessageContaining("must hold the object weight_map");
    }

    @Test
    void configurationsOfTheWrongFormAreRefused() throws IOException {
        assertConfigurationRefused("[]", "must hold one JSON object");
        assertConfigurationRefused("", "must hold one JSON object");
        assertConfigurationRefused("{", "not valid JSON");
        assertConfigurationRefused("{} {}", "not valid JSON");
        assertConfigurationRefused("{\"a\":1,\"a\":2}", "not valid JSON");
        assertConfigurationRefused("{\"a\":" + "[".repeat(100_000), "nesting depth");
        assertConfigurationRefused("{\"a\":" + "9".repeat(1000) + "}", "not valid JSON");
    }

    @Test
    void aDirectoryWithoutConfigurationIsRefusedAndAGgufFileInItShown() throws IOException {
        Files.delete(folder.resolve("config.json"));
        assertThatExceptionOfType(CheckpointNotFoundException.class)
                .isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining("has no config.json");

        new GgufWriter().write(folder.resolve("x.gguf"));
        assertThatExceptionOfType(CheckpointNotFoundException.class)
                .isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining("give the path " + folder.resolve("x.gguf"));
    }

    @Test
    void pathsThatAreNoModelAreRefused() {
        assertThatExceptionOfType(CheckpointNotFoundException.class)
                .isThrownBy(() -> Checkpoint.open(folder.resolve("gone")))
                .withMessageContaining("There is no model at");
        writeShard("part.safetensors", "a", 1);
        assertThatExceptionOfType(CheckpointNotFoundException.class)
                .isThrownBy(() -> Checkpoint.open(folder.resolve("part.safetensors")))
                .withMessageContaining("give the directory");
    }

    @Test
    void theFingerprintFollowsConfigurationAndDirectoryButNotWeights() throws IOException {
        writeShard("model.safetensors", "a", 1);
        String first = fingerprint();
        writeShard("model.safetensors", "a", 2);
        assertThat(fingerprint()).isEqualTo(first);

        writeShard("model.safetensors", "b", 2);
        assertThat(fingerprint()).isNotEqualTo(first);

        writeShard("model.safetensors", "a", 1);
        TestFiles.write(folder.resolve("config.json"), "{\"model_type\":\"qwen2\"}");
        assertThat(fingerprint()).isNotEqualTo(first);
    }

    @Test
    void theFingerprintOfAKnownModelNeverChanges() throws IOException {
        TestFiles.write(folder.resolve("config.json"), "{}");
        writeShard("model.safetensors", "a", 1);
        assertThat(fingerprint()).isEqualTo("3dffe004d963ca0ed830cb83d15422cecfb1f33c3bc8a409c1c3c4e54b118198");
    }

    @Test
    void tensorsAreGoneAfterClosing() {
        writeShard("model.safetensors", "a", 1);
        Checkpoint checkpoint = Checkpoint.open(folder);
        StoredTensor tensor = checkpoint.require("a");

        checkpoint.close();
        checkpoint.close();

        assertThatIllegalStateException().isThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0));
    }

    private void writeShard(String file, String tensor, float value) {
        SafetensorsWriter.write(folder.resolve(file), List.of(StoredTensor.ofFloats(tensor, List.of(1L), value)));
    }

    private void writeIndex(String weightMap) throws IOException {
        TestFiles.write(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":" + weightMap + "}");
    }

    private String fingerprint() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.fingerprint();
        }
    }

    private ThrowableAssertAlternative<MalformedCheckpointException> assertWeightsRefused() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return assertThatExceptionOfType(MalformedCheckpointException.class).isThrownBy(checkpoint::tensorNames);
        }
    }

    private void assertConfigurationRefused(String configuration, String message) throws IOException {
        TestFiles.write(folder.resolve("config.json"), configuration);
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining("config.json")
                .withMessageContaining(message);
    }
}
