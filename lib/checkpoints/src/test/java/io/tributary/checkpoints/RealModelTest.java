package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads GGUF files that other software wrote. */
class RealModelTest {
    private Path folder = Path.of("");

    @BeforeEach
    void findData() {
        String data = System.getenv("TRIBUTARY_DATA");
        assumeTrue(data != null, "TRIBUTARY_DATA is unset: set it to the folder that holds stories260K");
        folder = Path.of(String.valueOf(data), "stories260K");
        assumeTrue(Files.isDirectory(folder), "TRIBUTARY_DATA holds no stories260K");
    }

    @Test
    void aModelInSinglePrecisionOpens() {
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(folder.resolve("stories260K-f32.gguf"))) {
            GgufMetadata metadata = checkpoint.metadata();
            assertThat(checkpoint.name()).isEqualTo("stories260k-f32");
            assertThat(metadata.string("general.architecture")).isEqualTo("llama");
            assertThat(metadata.integer("llama.feed_forward_length")).isEqualTo(172);
            assertThat(metadata.real("llama.rope.freq_base")).isEqualTo(10_000);
            assertThat(metadata.flag("tokenizer.ggml.add_bos_token")).isTrue();
            assertThat(metadata.strings("tokenizer.ggml.tokens"))
                    .startsWith("<unk>", "<s>", "</s>", "<0x00>")
                    .hasSize(512);
            assertThat(metadata.integers("tokenizer.ggml.token_type")).startsWith(2, 3, 3, 6);
            assertThat(metadata.reals("tokenizer.ggml.scores")).hasSize(512);
            assertThat(checkpoint.tensorNames()).hasSize(48);
            assertThat(checkpoint.require("blk.0.ffn_down.weight").shape()).containsExactly(64L, 172L);
        }
    }

    @Test
    void aQuantisedModelOpens() {
        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("stories260K-ffn192-q8_0.gguf"))) {
            StoredTensor embedding = checkpoint.require("token_embd.weight");
            assertThat(embedding.type()).isEqualTo(TensorType.Q8_0);
            assertThat(embedding.shape()).containsExactly(512L, 64L);
            assertThat(embedding.data().byteSize()).isEqualTo(512 * 2 * 34);
            assertThat(checkpoint.require("output_norm.weight").type()).isEqualTo(TensorType.F32);
            assertThat(checkpoint.name()).isEqualTo("stories260k-ffn192-q8-0");
        }
    }
}
