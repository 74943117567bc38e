package io.tributary.decoder;

import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a small model with random weights: 4 layers, of which the layers 1 and 3 have 6 experts, 2 for each position. */
final class MixtureModel {
    static final int EXPERTS = 6;

    private static final int LAYERS = 4;
    private static final int WIDTH = 64;
    private static final int HEAD = 16;
    private static final int KEY_VALUE_WIDTH = 32;
    private static final int HIDDEN = 32;
    private static final int VOCABULARY = 97;
    private static final String CONFIGURATION = """
            {"architectures": ["Qwen3MoeForCausalLM"], "vocab_size": 97, "hidden_size": 64, "num_hidden_layers": 4,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "intermediate_size": 32,
             "moe_intermediate_size": 32, "num_experts": 6, "num_experts_per_tok": 2, "norm_topk_prob": true,
             "decoder_sparse_step": 2, "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "rope_theta": 10000,
             "hidden_act": "silu", "tie_word_embeddings": false}
            """;

    private final Random random = new Random(11);
    private final List<StoredTensor> tensors = new ArrayList<>();

    private MixtureModel() {}

    /** Writes it into the directory, which it returns. */
    static Path write(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), CONFIGURATION);
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new MixtureModel().weights());
        return directory;
    }

    private List<StoredTensor> weights() {
        matrix("model.embed_tokens", VOCABULARY, WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            attention(prefix);
            if (layer % 2 == 1) {
                matrix(prefix + "mlp.gate", EXPERTS, WIDTH);
                for (int expert = 0; expert < EXPERTS; expert++) {
                    network(prefix + "mlp.experts." + expert + ".");
                }
            } else {
                network(prefix + "mlp.");
            }
        }
        norm("model.norm", WIDTH);
        matrix("lm_head", VOCABULARY, WIDTH);
        return tensors;
    }

    private void attention(String prefix) {
        norm(prefix + "input_layernorm", WIDTH);
        matrix(prefix + "self_attn.q_proj", WIDTH, WIDTH);
        matrix(prefix + "self_attn.k_proj", KEY_VALUE_WIDTH, WIDTH);
        matrix(prefix + "self_attn.v_proj", KEY_VALUE_WIDTH, WIDTH);
        matrix(prefix + "self_attn.o_proj", WIDTH, WIDTH);
        norm(prefix + "self_attn.q_norm", HEAD);
        norm(prefix + "self_attn.k_norm", HEAD);
        norm(prefix + "post_attention_layernorm", WIDTH);
    }

    private void network(String prefix) {
        matrix(prefix + "gate_proj", HIDDEN, WIDTH);
        matrix(prefix + "up_proj", HIDDEN, WIDTH);
        matrix(prefix + "down_proj", WIDTH, HIDDEN);
    }

    private void matrix(String stem, int outputs, int inputs) {
        add(stem, List.of((long) outputs, (long) inputs), 0, 1.5 / Math.sqrt(inputs));
    }

    private void norm(String stem, int length) {
        add(stem, List.of((long) length), 1, 0.2);
    }

    private void add(String stem, List<Long> extents, double mean, double spread) {
        float[] values =
                new float[(int) extents.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact)];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian(mean, spread);
        }
        tensors.add(StoredTensor.ofFloats(stem + ".weight", extents, values));
    }
}
