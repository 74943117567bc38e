package io.tributary.decoder;

import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A Mixtral model with random weights: small, so that its numbers say nothing but are soon computed. */
public final class MixtureCheckpoint {
    /** What routers and shards must agree on. */
    public static final int LAYERS = 2;

    public static final int EXPERTS = 4;
    public static final int WIDTH = 32;
    public static final int VOCABULARY = 23;
    private static final int HIDDEN = 48;

    private final List<StoredTensor> tensors = new ArrayList<>();
    private final Random random;

    private MixtureCheckpoint(long seed) {
        random = new Random(seed);
    }

    /** Writes a Hugging Face directory. */
    public static Path write(Path directory, long seed) {
        MixtureCheckpoint checkpoint = new MixtureCheckpoint(seed);
        checkpoint.matrix("model.embed_tokens.weight", VOCABULARY, WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            checkpoint.layer("model.layers." + layer + ".");
        }
        checkpoint.norm("model.norm.weight");
        checkpoint.matrix("lm_head.weight", VOCABULARY, WIDTH);
        try {
            Files.writeString(directory.resolve("config.json"), configuration());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), checkpoint.tensors);
        return directory;
    }

    private static String configuration() {
        return """
                {"architectures": ["MixtralForCausalLM"], "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d,
                "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16, "intermediate_size": %d,
                "num_local_experts": %d, "num_experts_per_tok": 2, "max_position_embeddings": 128, "rms_norm_eps": 1e-5,
                "rope_theta": 10000, "tie_word_embeddings": false}
                """.formatted(VOCABULARY, WIDTH, LAYERS, HIDDEN, EXPERTS);
    }

    private void layer(String prefix) {
        norm(prefix + "input_layernorm.weight");
        matrix(prefix + "self_attn.q_proj.weight", 32, WIDTH);
        matrix(prefix + "self_attn.k_proj.weight", 16, WIDTH);
        matrix(prefix + "self_attn.v_proj.weight", 16, WIDTH);
        matrix(prefix + "self_attn.o_proj.weight", WIDTH, 32);
        norm(prefix + "post_attention_layernorm.weight");
        matrix(prefix + "block_sparse_moe.gate.weight", EXPERTS, WIDTH);
        for (int expert = 0; expert < EXPERTS; expert++) {
            String stem = prefix + "block_sparse_moe.experts." + expert + ".";
            matrix(stem + "w1.weight", HIDDEN, WIDTH);
            matrix(stem + "w2.weight", WIDTH, HIDDEN);
            matrix(stem + "w3.weight", HIDDEN, WIDTH);
        }
    }

    private void matrix(String name, int outputs, int inputs) {
        add(name, List.of((long) outputs, (long) inputs), 0, 1 / Math.sqrt(inputs));
    }

    private void norm(String name) {
        add(name, List.of((long) WIDTH), 1, 0.2);
    }

    private void add(String name, List<Long> extents, double mean, double spread) {
        int count = extents.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (mean + spread * random.nextGaussian());
        }
        tensors.add(StoredTensor.ofFloats(name, extents, values));
    }
}
