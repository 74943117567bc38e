package io.tributary.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.RopePairing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceArchitectureTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAIN = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
            "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
            "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "hidden_act": "silu", "rope_theta": 10000.0,
            "bos_token_id": 1, "eos_token_id": 2}
            """;

    @TempDir
    Path directory;

    /** Reads the plain configuration with the fields of another object put over it. */
    private Architecture read(String changes) throws IOException {
        ObjectNode configuration = (ObjectNode) JSON.readTree(PLAIN);
        configuration.setAll((ObjectNode) JSON.readTree(changes));
        Files.writeString(directory.resolve("config.json"), configuration.toString());
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return ArchitectureReader.read(checkpoint);
        }
    }

    private CausalAttention attention(String changes) throws IOException {
        return (CausalAttention) read(changes).layers().getLast().tokenMixing();
    }

    @Test
    void aLlamaConfigurationBecomesAComposition() throws IOException {
        Architecture architecture = read("{}");
        assertThat(architecture.vocabularySize()).isEqualTo(32_000);
        assertThat(architecture.width()).isEqualTo(4096);
        assertThat(architecture.contextLength()).isEqualTo(4096);
        assertThat(architecture.layers()).hasSize(32);
        assertThat(architecture.tiedUnembedding()).isFalse();
        assertThat(architecture.endOfTextIds()).containsExactly(2);
        assertThat(architecture.endsText(2)).isTrue();
        assertThat(architecture.beginningOfTextId()).hasValue(1);
        RmsNormalization norm = new RmsNormalization(1e-5f);
        RotaryPosition rotary = new RotaryPosition(128, 10_000, RopePairing.HALF_SPLIT, new RopeScaling.None());
        assertThat(architecture.layers().get(7))
                .isEqualTo(new LayerSpec(
                        norm,
                        new CausalAttention(32, 8, 128, AttentionBiases.NONE, new QueryKeyNormalization.None(), rotary),
                        norm,
                        new SwiGlu(11_008, false)));
        assertThat(architecture.keyValueBytesPerPosition(KeyValueType.F32)).isEqualTo(2L * 32 * 8 * 128 * 4);
        assertThat(architecture.keyValueBytesPerPosition(KeyValueType.Q8)).isEqualTo(2L * 32 * 8 * (128 + 4));
    }

    @Test
    void fieldsThatAreMissingOrNullHaveTheDefaultsOfTransformers() throws IOException {
        CausalAttention attention = attention(
                "{\"num_key_value_heads\": null, \"rope_theta\": null, \"rope_scaling\": null, \"head_dim\": null}");
        assertThat(attention.keyValueHeads()).isEqualTo(32);
        assertThat(attention.headSize()).isEqualTo(128);
        assertThat(attention.position().base()).isEqualTo(10_000);
        Architecture architecture = read("{\"rms_norm_eps\": null, \"eos_token_id\": null, \"bos_token_id\": null}");
        assertThat(architecture.finalNormalization()).isEqualTo(new RmsNormalization(1e-6f));
        assertThat(architecture.endOfTextIds()).isEmpty();
        assertThat(architecture.beginningOfTextId()).isEmpty();
    }

    @Test
    void anExplicitHeadSizeNeedNotDivideTheWidth() throws IOException {
        assertThat(attention("{\"head_dim\": 96, \"hidden_size\": 4000}").headSize())
                .isEqualTo(96);
    }

    @Test
    void endOfTextIdsAreThoseOfBothFiles() throws IOException {
        Files.writeString(
                directory.resolve("generation_config.json"), "{\"eos_token_id\": [5, 2], \"bos_token_id\": 9}");
        Architecture architecture = read("{\"eos_token_id\": [2, 7], \"bos_token_id\": null}");
        assertThat(architecture.endOfTextIds()).containsExactlyInAnyOrder(2, 5, 7);
        assertThat(architecture.beginningOfTextId()).hasValue(9);
    }

    @Test
    void biasesAreThoseOfTheFamily() throws IOException {
        assertThat(attention("{\"attention_bias\": true}").biases()).isEqualTo(AttentionBiases.ALL);
        assertThat(read("{\"mlp_bias\": true}").layers().getFirst().channelMixing())
                .isEqualTo(new SwiGlu(11_008, true));
        assertThat(attention("{\"architectures\": [\"Qwen2ForCausalLM\"]}").biases())
                .isEqualTo(AttentionBiases.QUERY_KEY_VALUE);
        assertThat(attention("{\"architectures\": [\"MistralForCausalLM\"]}").biases())
                .isEqualTo(AttentionBiases.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"rope_scaling\": {\"rope_type\": \"default\"}} | None[]",
                "{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}} | Linear[factor=4.0]",
                "{\"rope_scaling\": {\"type\": \"ntk\", \"factor\": 2.5}} | Ntk[factor=2.5]",
                "{\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2.0}} | DynamicNtk[factor=2.0, originalPositions=4096]",
                "{\"rope_parameters\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1,"
                        + " \"high_freq_factor\": 4, \"original_max_position_embeddings\": 1024}}"
                        + " | Llama3[factor=8.0, lowFrequencyFactor=1.0, highFrequencyFactor=4.0, originalPositions=1024]"
            })
    void ropeScalingIsRead(String changes, String expected) throws IOException {
        assertThat(attention(changes).position().scaling()).hasToString(expected);
    }

    @Test
    void theBaseInRopeParametersGoesFirst() throws IOException {
        assertThat(attention("{\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1000000.0}}")
                        .position()
                        .base())
                .isEqualTo(1_000_000);
    }

    @Test
    void dynamicScalingExtendsTheContextByItsFactor() throws IOException {
        Architecture architecture = read("{\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2.5}}");
        assertThat(architecture.contextLength()).isEqualTo(10_240);
    }

    @Test
    void aSlidingWindowThatNoPositionLeavesIsAccepted() throws IOException {
        assertThat(read("{\"architectures\": [\"MistralForCausalLM\"], \"sliding_window\": 4096}")
                        .contextLength())
                .isEqualTo(4096);
        assertThat(read("{\"architectures\": [\"Qwen2ForCausalLM\"], \"sliding_window\": 64,"
                                + " \"use_sliding_window\": false}")
                        .contextLength())
                .isEqualTo(4096);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"architectures\": [\"GPT2LMHeadModel\"]} | GPT2LMHeadModel | LlamaForCausalLM",
                "{\"architectures\": [\"MistralForCausalLM\"], \"sliding_window\": 1024} | sliding_window 1024 | 4096",
                "{\"architectures\": [\"Qwen2ForCausalLM\"], \"use_sliding_window\": true, \"sliding_window\": 9}"
                        + " | sliding_window 9 | 4096",
                "{\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}} | yarn | linear",
                "{\"rope_scaling\": {\"rope_type\": \"longrope\"}} | longrope | llama3",
                "{\"partial_rotary_factor\": 0.5} | partial_rotary_factor 0.5 | 1",
                "{\"hidden_act\": \"gelu\"} | hidden_act gelu | silu",
                "{\"quantization_config\": {\"quant_method\": \"gptq\"}} | gptq | GGUF"
            })
    void whatIsNotComputedIsRefusedWithWhatIs(String changes, String asked, String supported) {
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(changes))
                .withMessageContaining(asked)
                .withMessageContaining("supported: ")
                .withMessageContaining(supported);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"vocab_size\": 0} | vocab_size | 0",
                "{\"vocab_size\": -5} | vocab_size | -5",
                "{\"vocab_size\": 99999999999} | vocab_size | 99999999999",
                "{\"vocab_size\": 123456789012345678901234567890} | vocab_size | 123456789012345678901234567890",
                "{\"vocab_size\": \"many\"} | vocab_size | many",
                "{\"hidden_size\": 12.5} | hidden_size | 12.5",
                "{\"hidden_size\": null} | hidden_size | missing",
                "{\"hidden_size\": 2147483647} | hidden_size | 2147483647",
                "{\"hidden_size\": 4100} | num_attention_heads | 32",
                "{\"num_hidden_layers\": 1000000} | num_hidden_layers | 1000000",
                "{\"num_attention_heads\": 0} | num_attention_heads | 0",
                "{\"num_key_value_heads\": 5} | num_key_value_heads | 5",
                "{\"head_dim\": 65} | head_dim | 65",
                "{\"head_dim\": -2} | head_dim | -2",
                "{\"hidden_size\": 160} | hidden_size / num_attention_heads | 5",
                "{\"num_attention_heads\": 16384, \"head_dim\": 4096} | num_attention_heads | 67108864",
                "{\"intermediate_size\": -1} | intermediate_size | -1",
                "{\"max_position_embeddings\": 0} | max_position_embeddings | 0",
                "{\"rms_norm_eps\": 0} | rms_norm_eps | 0.0",
                "{\"rms_norm_eps\": \"small\"} | rms_norm_eps | small",
                "{\"rope_theta\": -1} | rope_theta | -1.0",
                "{\"rope_theta\": 1e300} | rope_theta | 1.0E300",
                "{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 0.5}} | rope_scaling.factor | 0.5",
                "{\"rope_scaling\": {\"type\": \"linear\"}} | rope_scaling.factor | missing",
                "{\"rope_scaling\": 4} | rope_scaling | 4",
                "{\"rope_scaling\": {\"type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4,"
                        + " \"high_freq_factor\": 4, \"original_max_position_embeddings\": 1024}}"
                        + " | rope_scaling.high_freq_factor | 4.0",
                "{\"eos_token_id\": 32000} | eos_token_id | 32000",
                "{\"eos_token_id\": [1, \"x\"]} | eos_token_id | x",
                "{\"bos_token_id\": -1} | bos_token_id | -1",
                "{\"architectures\": []} | architectures | []",
                "{\"architectures\": \"LlamaForCausalLM\"} | architectures | LlamaForCausalLM",
                "{\"tie_word_embeddings\": 1} | tie_word_embeddings | 1",
                "{\"hidden_act\": 3} | hidden_act | 3"
            })
    void aHostileValueIsRefusedWithItsFieldAndValue(String changes, String field, String value) {
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> read(changes))
                .withMessageContaining(value)
                .withMessageContaining("must be")
                .satisfies(refusal -> assertThat(refusal.field()).startsWith(field));
    }
}
