package io.tributary.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as their publishers wrote them, shortened to what is read. */
class HuggingFaceExpertsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMON = """
            {"vocab_size": 1000, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4,
            "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 512}
            """;
    private static final String MIXTRAL =
            "{\"architectures\": [\"MixtralForCausalLM\"], \"num_local_experts\": 8, \"num_experts_per_tok\": 2}";
    private static final String QWEN2 = """
            {"architectures": ["Qwen2MoeForCausalLM"], "num_experts": 60, "num_experts_per_tok": 4,
            "moe_intermediate_size": 44, "shared_expert_intermediate_size": 176, "norm_topk_prob": false}
            """;
    private static final String QWEN3 = """
            {"architectures": ["Qwen3MoeForCausalLM"], "num_experts": 128, "num_experts_per_tok": 8,
            "moe_intermediate_size": 24, "norm_topk_prob": true, "head_dim": 32}
            """;
    private static final String OLMOE =
            "{\"architectures\": [\"OlmoeForCausalLM\"], \"num_experts\": 64, \"num_experts_per_tok\": 8}";

    @TempDir
    Path directory;

    private Architecture read(String family, String changes) throws IOException {
        ObjectNode configuration = (ObjectNode) JSON.readTree(COMMON);
        configuration.setAll((ObjectNode) JSON.readTree(family));
        configuration.setAll((ObjectNode) JSON.readTree(changes));
        Files.writeString(directory.resolve("config.json"), configuration.toString());
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return ArchitectureReader.read(checkpoint);
        }
    }

    private static CausalAttention attention(Architecture architecture) {
        return (CausalAttention) architecture.layers().getFirst().tokenMixing();
    }

    private static ChannelMixing mixing(Architecture architecture, int layer) {
        return architecture.layers().get(layer).channelMixing();
    }

    @Test
    void mixtralTakesTheSoftmaxOfItsTopExperts() throws IOException {
        Architecture architecture = read(MIXTRAL, "{}");
        assertThat(architecture.layers())
                .allSatisfy(layer -> assertThat(layer.channelMixing())
                        .isEqualTo(new MixtureOfExperts(
                                8, new SwiGlu(96, false), new Gating.TopKThenSoftmax(2), Optional.empty())));
        assertThat(attention(architecture).position().base()).isEqualTo(1_000_000);
        assertThat(architecture.finalNormalization()).isEqualTo(new RmsNormalization(1e-5f));
        assertThat(attention(architecture).normalization()).isEqualTo(new QueryKeyNormalization.None());
        assertThat(architecture.routesWholeSequences()).isFalse();
    }

    @Test
    void qwen2HasAGatedSharedExpert() throws IOException {
        Architecture architecture = read(QWEN2, "{}");
        assertThat(mixing(architecture, 0))
                .isEqualTo(new MixtureOfExperts(
                        60,
                        new SwiGlu(44, false),
                        new Gating.SoftmaxThenTopK(4, false),
                        Optional.of(new SharedExpert(new SwiGlu(176, false), true))));
        assertThat(attention(architecture).biases()).isEqualTo(AttentionBiases.QUERY_KEY_VALUE);
        assertThat(attention(read(QWEN2, "{\"qkv_bias\": false}")).biases()).isEqualTo(AttentionBiases.NONE);
    }

    @Test
    void qwen3NormalisesEachHeadAndRenormalises() throws IOException {
        Architecture architecture = read(QWEN3, "{}");
        assertThat(mixing(architecture, 3))
                .isEqualTo(new MixtureOfExperts(
                        128, new SwiGlu(24, false), new Gating.SoftmaxThenTopK(8, true), Optional.empty()));
        assertThat(attention(architecture).normalization())
                .isEqualTo(new QueryKeyNormalization.EachHead(new RmsNormalization(1e-6f)));
        assertThat(attention(architecture).headSize()).isEqualTo(32);
    }

    @Test
    void olmoeNormalisesTheWholeWidth() throws IOException {
        Architecture architecture = read(OLMOE, "{}");
        assertThat(mixing(architecture, 1))
                .isEqualTo(new MixtureOfExperts(
                        64, new SwiGlu(96, false), new Gating.SoftmaxThenTopK(8, false), Optional.empty()));
        assertThat(attention(architecture).normalization())
                .isEqualTo(new QueryKeyNormalization.WholeWidth(new RmsNormalization(1e-5f)));
    }

    @Test
    void onlySomeLayersHaveExpertsIfTheConfigurationSaysSo() throws IOException {
        SwiGlu network = new SwiGlu(96, false);
        Architecture every = read(QWEN3, "{\"decoder_sparse_step\": 2}");
        assertThat(mixing(every, 0)).isEqualTo(network);
        assertThat(mixing(every, 1)).isInstanceOf(MixtureOfExperts.class);
        assertThat(mixing(every, 2)).isEqualTo(network);
        Architecture listed = read(QWEN2, "{\"mlp_only_layers\": [0, 3]}");
        assertThat(mixing(listed, 0)).isEqualTo(network);
        assertThat(mixing(listed, 1)).isInstanceOf(MixtureOfExperts.class);
        assertThat(mixing(listed, 3)).isEqualTo(network);
    }

    @Test
    void theNumberOfExpertsHasTwoNames() throws IOException {
        Architecture architecture = read(QWEN3, "{\"num_experts\": null, \"num_local_experts\": 16}");
        assertThat(((MixtureOfExperts) mixing(architecture, 0)).experts()).isEqualTo(16);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"num_experts_per_tok\": 61} | num_experts_per_tok | 61 | 1 to 60",
                "{\"num_experts_per_tok\": 0} | num_experts_per_tok | 0 | 1 to 60",
                "{\"num_experts\": 0} | num_experts | 0 | 1 to 4096",
                "{\"num_experts\": 5000} | num_experts | 5000 | 1 to 4096",
                "{\"num_experts\": null} | num_experts | missing | 1 to 4096",
                "{\"moe_intermediate_size\": -3} | moe_intermediate_size | -3 | 1 to",
                "{\"shared_expert_intermediate_size\": null} | shared_expert_intermediate_size | missing | 1 to",
                "{\"decoder_sparse_step\": 0} | decoder_sparse_step | 0 | 1 to",
                "{\"mlp_only_layers\": [4]} | mlp_only_layers | 4 | 0 to 3",
                "{\"mlp_only_layers\": [\"all\"]} | mlp_only_layers | all | 0 to 3",
                "{\"norm_topk_prob\": 1} | norm_topk_prob | 1 | true or false"
            })
    void aHostileValueIsRefusedWithItsFieldAndValue(String changes, String field, String value, String allowed) {
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> read(QWEN2, changes))
                .withMessageContaining(value)
                .withMessageContaining(allowed)
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field));
    }

    @Test
    void clippedQueriesAndWindowsAreRefused() {
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(OLMOE, "{\"clip_qkv\": 8.0}"))
                .withMessageContaining("clip_qkv 8.0");
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(MIXTRAL, "{\"sliding_window\": 128}"))
                .withMessageContaining("sliding_window 128");
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(QWEN2, "{\"use_sliding_window\": true, \"sliding_window\": 128}"))
                .withMessageContaining("sliding_window 128");
    }
}
