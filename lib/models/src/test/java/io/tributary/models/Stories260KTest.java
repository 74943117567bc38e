package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test vector of llama2.c, on the trained model itself. */
class Stories260KTest {
    private static final String DATA = System.getenv("TRIBUTARY_DATA");
    private static final int STEPS = 200;
    private static final int BEGINNING_OF_TEXT = 1;

    @BeforeEach
    void skipWithoutData() {
        assumeTrue(
                DATA != null, "TRIBUTARY_DATA is not set: the trained model stories260K is not there to be compared");
    }

    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {1, 2, 5})
    void twoHundredGreedyStepsGiveThePublishedText(int stages) throws IOException {
        Path folder = Path.of(DATA, "stories260K");
        Path model = folder.resolve("stories260K-f32.gguf");
        List<String> pieces;
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(model)) {
            pieces = checkpoint.metadata().strings("tokenizer.ggml.tokens");
        }
        try (Pipeline pipeline = new Pipeline(model, stages, 2)) {
            int[] tokens = pipeline.greedy(new int[] {BEGINNING_OF_TEXT}, STEPS);
            String published = Files.readString(folder.resolve("greedy200.txt"));
            assertThat(text(pieces, tokens).strip()).isEqualTo(published.strip());
        }
    }

    /**
     * Q8_0 rounds a weight by at most 1/254 of its block's largest: some thousandths of the weights' deviation. Errors of
     * that size are random and add up over five layers to a few hundredths of the logits' deviation at most.
     */
    @Test
    void eightBitsAgreeWithThirtyTwoWithinTheErrorOfQuantisation(@TempDir Path directory) {
        Path model = Path.of(DATA, "stories260K", "stories260K-f32.gguf");
        Path quantized = quantized(model, directory.resolve("q8_0.gguf"));
        int[] tokens = new Random(5).ints(64, 3, 500).toArray();
        try (Pipeline wide = new Pipeline(model, 1, 2);
                Pipeline narrow = new Pipeline(quantized, 1, 2)) {
            float[] expected = wide.logits(tokens, tokens.length);
            float[] actual = narrow.logits(tokens, tokens.length);
            double error = 0;
            double magnitude = 0;
            for (int i = 0; i < expected.length; i++) {
                error += Math.pow(actual[i] - expected[i], 2);
                magnitude += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(error / magnitude)).isBetween(1e-5, 0.03);
        }
    }

    /** The same model with those matrices in Q8_0 whose rows are whole blocks. */
    private static Path quantized(Path model, Path file) {
        GgufWriter writer = new GgufWriter();
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(model)) {
            GgufMetadata metadata = checkpoint.metadata();
            writer.string("general.architecture", "llama")
                    .real("llama.attention.layer_norm_rms_epsilon", (float)
                            metadata.real("llama.attention.layer_norm_rms_epsilon"))
                    .integer("tokenizer.ggml.bos_token_id", 1)
                    .integer("tokenizer.ggml.eos_token_id", 2);
            for (String key : List.of(
                    "context_length",
                    "embedding_length",
                    "block_count",
                    "feed_forward_length",
                    "attention.head_count",
                    "attention.head_count_kv",
                    "rope.dimension_count")) {
                writer.integer("llama." + key, metadata.integer("llama." + key));
            }
            for (String name : checkpoint.tensorNames()) {
                StoredTensor tensor = checkpoint.require(name);
                boolean whole = tensor.shape().size() == 2 && tensor.shape().getLast() % 32 == 0;
                float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                writer.tensor(
                        whole
                                ? new StoredTensor(
                                        name, TensorType.Q8_0, tensor.shape(), Quantizer.Q8_0.quantize(values))
                                : StoredTensor.ofFloats(name, tensor.shape(), values));
            }
        }
        writer.write(file);
        return file;
    }

    private static String text(List<String> pieces, int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            String piece = pieces.get(token);
            if (piece.matches("<0x[0-9A-F]{2}>")) {
                bytes.write(HexFormat.fromHexDigits(piece, 3, 5));
            } else {
                bytes.writeBytes(piece.replace('▁', ' ').getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
