package io.tributary.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.MalformedCheckpointException;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.RopePairing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufArchitectureTest {
    private static final int VOCABULARY = 50;
    private static final int WIDTH = 24;

    @TempDir
    Path directory;

    private final Map<String, Long> integers = new LinkedHashMap<>();
    private String name = "llama";

    GgufArchitectureTest() {
        integers.put("context_length", 512L);
        integers.put("embedding_length", (long) WIDTH);
        integers.put("block_count", 2L);
        integers.put("feed_forward_length", 60L);
        integers.put("attention.head_count", 4L);
        integers.put("attention.head_count_kv", 2L);
    }

    private Architecture read(UnaryOperator<GgufWriter> more) {
        GgufWriter writer = new GgufWriter().string("general.architecture", name);
        integers.forEach((key, value) -> writer.integer(name + "." + key, value));
        writer.real(name + ".attention.layer_norm_rms_epsilon", 1e-5f);
        writer.tensor(tensor("token_embd.weight", VOCABULARY, WIDTH));
        Path file = directory.resolve("model.gguf");
        more.apply(writer).write(file);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return ArchitectureReader.read(checkpoint);
        }
    }

    private Architecture read() {
        return read(UnaryOperator.identity());
    }

    private static StoredTensor tensor(String name, long... shape) {
        int elements = 1;
        for (long extent : shape) {
            elements *= (int) extent;
        }
        return StoredTensor.ofFloats(name, Arrays.stream(shape).boxed().toList(), new float[elements]);
    }

    private static CausalAttention attention(Architecture architecture) {
        return (CausalAttention) architecture.layers().getFirst().tokenMixing();
    }

    @Test
    void aLlamaFileBecomesAComposition() {
        Architecture architecture = read(writer -> writer.integer("tokenizer.ggml.eos_token_id", 2)
                .integer("tokenizer.ggml.eot_token_id", 7)
                .integer("tokenizer.ggml.bos_token_id", 1));
        assertThat(architecture.vocabularySize()).isEqualTo(VOCABULARY);
        assertThat(architecture.contextLength()).isEqualTo(512);
        assertThat(architecture.layers()).hasSize(2);
        assertThat(architecture.tiedUnembedding()).isTrue();
        assertThat(architecture.endOfTextIds()).containsExactlyInAnyOrder(2, 7);
        assertThat(architecture.beginningOfTextId()).hasValue(1);
        RotaryPosition rotary = new RotaryPosition(6, 10_000, RopePairing.INTERLEAVED, new RopeScaling.None());
        assertThat(attention(architecture))
                .isEqualTo(
                        new CausalAttention(4, 2, 6, AttentionBiases.NONE, new QueryKeyNormalization.None(), rotary));
    }

    @Test
    void aQwen2FileRotatesHalvesAndHasBiases() {
        name = "qwen2";
        Architecture architecture = read(writer -> writer.real("qwen2.rope.freq_base", 1e6f)
                .tensor(tensor("blk.0.attn_q.bias", WIDTH))
                .tensor(tensor("output.weight", VOCABULARY, WIDTH)));
        assertThat(attention(architecture).biases()).isEqualTo(AttentionBiases.QUERY_KEY_VALUE);
        assertThat(attention(architecture).position())
                .isEqualTo(new RotaryPosition(6, 1e6, RopePairing.HALF_SPLIT, new RopeScaling.None()));
        assertThat(architecture.tiedUnembedding()).isFalse();
    }

    @Test
    void partOfAHeadMayBeRotated() {
        integers.put("rope.dimension_count", 4L);
        assertThat(attention(read()).position().pairs()).isEqualTo(2);
    }

    @Test
    void scalingIsReadUnderItsNewAndItsOlderName() {
        assertThat(scaling(read(writer ->
                        writer.string("llama.rope.scaling.type", "linear").real("llama.rope.scaling.factor", 4))))
                .isEqualTo(new RopeScaling.Linear(4));
        assertThat(scaling(read(writer -> writer.real("llama.rope.scale_linear", 2))))
                .isEqualTo(new RopeScaling.Linear(2));
        assertThat(scaling(read(writer -> writer.string("llama.rope.scaling.type", "none"))))
                .isEqualTo(new RopeScaling.None());
        float[] divisors = {1, 2, 8};
        assertThat(scaling(read(
                        writer -> writer.tensor(StoredTensor.ofFloats("rope_freqs.weight", List.of(3L), divisors)))))
                .isEqualTo(new RopeScaling.Divisors(List.of(1.0, 2.0, 8.0)));
    }

    private static RopeScaling scaling(Architecture architecture) {
        return attention(architecture).position().scaling();
    }

    @Test
    void whatIsNotComputedIsRefused() {
        assertRefused(writer -> writer.string("llama.rope.scaling.type", "yarn"), "yarn", "none, linear");
        assertRefused(
                writer -> writer.integer("llama.attention.sliding_window", 128), "sliding_window 128", "all positions");
        assertRefused(
                writer -> writer.integer("llama.attention.value_length", 8), "value_length 8", "the size of a key");
        name = "mamba";
        assertRefused(UnaryOperator.identity(), "mamba", "llama, qwen2, qwen2moe, qwen3moe, olmoe");
    }

    private void assertRefused(UnaryOperator<GgufWriter> more, String asked, String supported) {
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(more))
                .withMessageContaining(asked)
                .withMessageContaining(supported);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "context_length, 0",
        "context_length, 4294967295",
        "embedding_length, 4294967295",
        "block_count, 0",
        "block_count, 4000000000",
        "feed_forward_length, 0",
        "attention.head_count, 0",
        "attention.head_count, 5",
        "attention.head_count_kv, 3",
        "attention.key_length, 5",
        "attention.key_length, 100000",
        "rope.dimension_count, 3",
        "rope.dimension_count, 8"
    })
    void aHostileNumberIsRefusedWithItsKeyAndValue(String key, long value) {
        integers.put(key, value);
        integers.computeIfPresent(
                "attention.head_count_kv", (same, heads) -> key.equals("attention.head_count") ? 1 : heads);
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(this::read)
                .withMessageContaining("llama." + key)
                .withMessageContaining(Long.toString(value));
    }

    @Test
    void anEmbeddingOfAnotherWidthIsRefusedWithItsShape() {
        integers.put("embedding_length", 32L);
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(this::read)
                .withMessageContaining("token_embd.weight")
                .withMessageContaining("[50, 24]")
                .withMessageContaining("32");
    }

    @Test
    void aMissingKeyIsNamed() {
        integers.remove("block_count");
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(this::read)
                .withMessageContaining("llama.block_count");
    }

    @Test
    void divisorsMustBeAsManyAsPairs() {
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() ->
                        read(writer -> writer.tensor(StoredTensor.ofFloats("rope_freqs.weight", List.of(2L), 1, 1))))
                .withMessageContaining("rope_freqs.weight")
                .withMessageContaining("[3]");
    }

    @Test
    void aTokenIdOutsideTheVocabularyIsRefused() {
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> read(writer -> writer.integer("tokenizer.ggml.eos_token_id", VOCABULARY)))
                .withMessageContaining("tokenizer.ggml.eos_token_id")
                .withMessageContaining("50");
    }
}
