package io.tributary.mesh;

import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A mixture of experts of three small layers with random weights and the shipped model's words; the layer in the middle has
 * one network.
 */
public final class MixtureModel {
    public static final int EXPERTS = 6;
    public static final int CHOSEN = 2;
    public static final List<Integer> EXPERT_LAYERS = List.of(0, 2);
    public static final int CONTEXT = 400;

    private static final int LAYERS = 3;
    private static final int WIDTH = 32;
    private static final int HIDDEN = 24;
    private static final int HEADS = 2;
    private static final int VOCABULARY = 2048;

    private MixtureModel() {}

    /** Writes it to a directory, which is made if need be, which names it, and which it returns. */
    public static Path write(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), configuration());
            for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(ShippedModel.PATH.resolve(file), directory.resolve(file));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new Weights().all());
        return directory;
    }

    private static String configuration() {
        return """
            {"architectures": ["Qwen3MoeForCausalLM"], "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d,
             "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d, "intermediate_size": %d,
             "moe_intermediate_size": %d, "num_experts": %d, "num_experts_per_tok": %d, "norm_topk_prob": true,
             "decoder_sparse_step": 1, "mlp_only_layers": [1], "max_position_embeddings": %d, "rms_norm_eps": 1e-5,
             "rope_theta": 10000, "tie_word_embeddings": true}
            """.formatted(
                VOCABULARY, WIDTH, LAYERS, HEADS, HEADS, WIDTH / HEADS, HIDDEN, HIDDEN, EXPERTS, CHOSEN, CONTEXT);
    }

    /** Drawn one after another. */
    private static final class Weights {
        private final Random random = new Random(11);
        private final List<StoredTensor> tensors = new ArrayList<>();

        List<StoredTensor> all() {
            add("model.embed_tokens", VOCABULARY, WIDTH);
            add("model.norm", WIDTH);
            for (int layer = 0; layer < LAYERS; layer++) {
                String prefix = "model.layers." + layer + ".";
                addAttention(prefix);
                add(prefix + "post_attention_layernorm", WIDTH);
                if (EXPERT_LAYERS.contains(layer)) {
                    add(prefix + "mlp.gate", EXPERTS, WIDTH);
                    for (int expert = 0; expert < EXPERTS; expert++) {
                        addNetwork(prefix + "mlp.experts." + expert + ".");
                    }
                } else {
                    addNetwork(prefix + "mlp.");
                }
            }
            return tensors;
        }

        private void addAttention(String prefix) {
            add(prefix + "input_layernorm", WIDTH);
            for (String norm : List.of("q_norm", "k_norm")) {
                add(prefix + "self_attn." + norm, WIDTH / HEADS);
            }
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                add(prefix + "self_attn." + projection, WIDTH, WIDTH);
            }
        }

        private void addNetwork(String prefix) {
            add(prefix + "gate_proj", HIDDEN, WIDTH);
            add(prefix + "up_proj", HIDDEN, WIDTH);
            add(prefix + "down_proj", WIDTH, HIDDEN);
        }

        private void add(String stem, long... extents) {
            float[] values = new float[(int) LongStream.of(extents).reduce(1, Math::multiplyExact)];
            for (int index = 0; index < values.length; index++) {
                values[index] = (float) random.nextGaussian();
            }
            tensors.add(StoredTensor.ofFloats(
                    stem + ".weight", LongStream.of(extents).boxed().toList(), values));
        }
    }
}
