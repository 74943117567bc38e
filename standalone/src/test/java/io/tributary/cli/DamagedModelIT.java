package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that cannot be served ends a command with one message: which file, and what is wrong with it. */
class DamagedModelIT {
    private static final String TENSOR = "blk.0.attn_q.weight";
    private static final int IQ4_NL = 20;
    private static final int UNKNOWN_TYPE = 77;

    @TempDir
    Path directory = Path.of("");

    private DamagedModels models() {
        return new DamagedModels(directory);
    }

    private static void assertNotServed(Path model, String... named) {
        CommandResult result = CommandProcess.run("generate", "--model", model.toString(), "--max-tokens", "3", "x");

        assertThat(result.messages())
                .singleElement()
                .asString()
                .startsWith("tributary: ")
                .contains(named);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void aPathWithNothingThere() {
        Path model = directory.resolve("nothing");

        assertNotServed(model, model.toString(), "there is no model", "--model");
    }

    @Test
    void aDirectoryWithoutConfiguration() throws IOException {
        Path model = Files.createDirectory(directory.resolve("empty"));

        assertNotServed(model, model + " has no config.json");
    }

    @Test
    void aConfigurationThatIsNotJson() {
        Path model = models().shipped("config.json", bytes -> "{\"hidden_size\": [".getBytes(StandardCharsets.UTF_8));

        assertNotServed(model, model.resolve("config.json").toString(), "not valid JSON");
    }

    @Test
    void truncatedSafetensors() {
        Path model = models().shipped("model.safetensors", DamagedModels.truncatedTo(3_000_000));

        assertNotServed(model, model.resolve("model.safetensors").toString(), "truncated", "3000000");
    }

    @Test
    void aSafetensorsHeaderLengthThatLies() {
        Path model = models().shipped("model.safetensors", DamagedModels.headerLength(1L << 60));

        assertNotServed(model, model.resolve("model.safetensors").toString(), "header of " + (1L << 60) + " bytes");
    }

    @Test
    void aTruncatedGguf() {
        Path model = models().gguf(DamagedModels.truncatedTo(100_000));

        assertNotServed(model, model.toString(), "truncated", "100000");
    }

    @Test
    void aGgufTensorCountThatLies() {
        Path model = models().gguf(DamagedModels.tensorCount(1L << 50));

        assertNotServed(model, model.toString(), (1L << 50) + " tensors");
    }

    @Test
    void aGgufTensorOfATypeThatNobodyKnows() {
        Path model = models().gguf(DamagedModels.tensorType(TENSOR, UNKNOWN_TYPE));

        assertNotServed(model, model.toString(), TENSOR, "type " + UNKNOWN_TYPE);
    }

    @Test
    void aGgufTensorOfATypeWithoutKernels() {
        Path model = models().gguf(DamagedModels.tensorType(TENSOR, IQ4_NL));

        assertNotServed(model, TENSOR, "IQ4_NL", "Q8_0");
    }

    @Test
    void aModelWithoutTokenizer() throws IOException {
        Path model = models().shipped("tokenizer.json", bytes -> bytes);
        Files.delete(model.resolve("tokenizer.json"));

        assertNotServed(model, model + " has no tokenizer", "tokenizer.json");
    }

    @Test
    void aServerThatCannotLoadItsModelEnds() {
        Path model = models().shipped("model.safetensors", DamagedModels.truncatedTo(3_000_000));

        CommandResult result =
                CommandProcess.run("serve", "--model", model.toString(), "--grpc-port", "0", "--http-port", "0");

        assertThat(result.messages())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("tributary: " + model.resolve("model.safetensors"))
                .contains("truncated");
        assertThat(result.status()).isEqualTo(1);
    }
}
